/* Build-time tool: joins one version's OpenAPI paths with the components they refer to, and writes
 * the result as compact JSON (for the service) and as YAML (for API users).
 *
 * The YAML it reads must mean the same to every YAML reader: a plain scalar is either a JSON
 * literal or text that no reader takes for a number, date or boolean; all else has to be quoted. */
#include <errno.h>
#include <jansson.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <yaml.h>

#define COMPONENTS "#/components/"
#define JSON_NUMBERS JSON_REAL_PRECISION(15)

enum {
    EXIT_USAGE = 64,
    DEEPEST_NODE = 200, /* an alias that contains itself would never end */
};

struct source {
    const char *path;
    yaml_document_t document;
};

struct bundle {
    const char *path; /* the version document's, for messages */
    json_t *document; /* the version document */
    json_t *pool;     /* section -> name -> component, from all component files */
    json_t *used;     /* a set of the references seen */
    size_t dangling;
};

__attribute__((format(printf, 1, 2))) static void say(const char *format, ...)
{
    va_list arguments;

    fputs("openapi_bundle: ", stderr);
    va_start(arguments, format);
    vfprintf(stderr, format, arguments);
    va_end(arguments);
    fputc('\n', stderr);
}

/* Every allocation goes through here: a build tool without memory has nothing left to do. */
static json_t *allocated(json_t *value)
{
    if (value == NULL) {
        say("out of memory, or text that is not UTF-8");
        exit(EXIT_FAILURE);
    }
    return value;
}

static void put(json_t *object, const char *key, json_t *taken)
{
    if (json_object_set_new(object, key, allocated(taken)) != 0)
        allocated(NULL);
}

/* --- scalars ---------------------------------------------------------------------------------- */

/* A number, true, false or null as JSON spells it; NULL when the text is something else. */
static json_t *literal_new(const char *text)
{
    return json_loads(text, JSON_DECODE_ANY, NULL);
}

/* Whether some YAML reader takes this plain text for a number, date, boolean, null or merge key. */
static bool is_ambiguous(const char *text)
{
    static const char *const words[] = {"",     "~",    "<<",    "=",     "y",    "n",
                                        "yes",  "no",   "on",    "off",   "true", "false",
                                        "null", ".inf", "+.inf", "-.inf", ".nan"};

    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (strcasecmp(text, words[i]) == 0)
            return true;
    const char *digits = text + strspn(text, "+-");
    if (strncasecmp(digits, "0x", 2) == 0 || strncasecmp(digits, "0o", 2) == 0)
        return true;
    return strchr("+-.0123456789", text[0]) != NULL &&
           text[strspn(text, "+-.,:_ 0123456789EeTtZz")] == '\0';
}

/* --- reading ---------------------------------------------------------------------------------- */

static json_t *read_node(struct source *source, int index, int depth);

static json_t *refuse(const struct source *source, const yaml_node_t *node, const char *what,
                      const char *text)
{
    say("%s:%zu: %s: '%s'", source->path, node->start_mark.line + 1, what, text);
    return NULL;
}

static const char *scalar_text(const yaml_node_t *node)
{
    return (const char *)node->data.scalar.value;
}

static json_t *read_scalar(const struct source *source, const yaml_node_t *node)
{
    const char *text = scalar_text(node);

    if (strlen(text) != node->data.scalar.length)
        return refuse(source, node, "text with a NUL byte", text);
    if (node->data.scalar.style != YAML_PLAIN_SCALAR_STYLE)
        return allocated(json_string(text));

    json_t *literal = literal_new(text);
    if (literal != NULL)
        return literal;
    if (is_ambiguous(text))
        return refuse(source, node, "quote this, not every reader takes it for text", text);
    return allocated(json_string(text));
}

static json_t *read_sequence(struct source *source, const yaml_node_t *node, int depth)
{
    json_t *array = allocated(json_array());

    for (const yaml_node_item_t *item = node->data.sequence.items.start;
         item < node->data.sequence.items.top; item++) {
        json_t *value = read_node(source, *item, depth);
        if (value == NULL) {
            json_decref(array);
            return NULL;
        }
        if (json_array_append_new(array, value) != 0)
            allocated(NULL);
    }
    return array;
}

/* The pair's key, or NULL after a message. */
static const char *read_key(struct source *source, const yaml_node_pair_t *pair,
                            const json_t *object)
{
    const yaml_node_t *node = yaml_document_get_node(&source->document, pair->key);

    if (node->type != YAML_SCALAR_NODE) {
        refuse(source, node, "a key must be text", "");
        return NULL;
    }
    json_auto_t *key = read_scalar(source, node);
    if (key == NULL)
        return NULL;
    if (!json_is_string(key)) {
        refuse(source, node, "quote this key", scalar_text(node));
        return NULL;
    }
    if (json_object_get(object, scalar_text(node)) != NULL) {
        refuse(source, node, "key given twice", scalar_text(node));
        return NULL;
    }
    return scalar_text(node);
}

static json_t *read_mapping(struct source *source, const yaml_node_t *node, int depth)
{
    json_t *object = allocated(json_object());

    for (const yaml_node_pair_t *pair = node->data.mapping.pairs.start;
         pair < node->data.mapping.pairs.top; pair++) {
        const char *key = read_key(source, pair, object);
        json_t *value = key == NULL ? NULL : read_node(source, pair->value, depth);
        if (value == NULL) {
            json_decref(object);
            return NULL;
        }
        put(object, key, value);
    }
    return object;
}

static json_t *read_node(struct source *source, int index, int depth)
{
    const yaml_node_t *node = yaml_document_get_node(&source->document, index);

    if (depth > DEEPEST_NODE)
        return refuse(source, node, "nested too deeply", "");
    switch (node->type) {
    case YAML_SCALAR_NODE:
        return read_scalar(source, node);
    case YAML_SEQUENCE_NODE:
        return read_sequence(source, node, depth + 1);
    case YAML_MAPPING_NODE:
        return read_mapping(source, node, depth + 1);
    case YAML_NO_NODE:
        break;
    }
    return refuse(source, node, "unknown kind of node", "");
}

static json_t *read_stream(const char *path, FILE *file)
{
    struct source source = {.path = path};
    yaml_parser_t parser;
    json_t *root = NULL;

    if (!yaml_parser_initialize(&parser))
        allocated(NULL);
    yaml_parser_set_input_file(&parser, file);
    if (yaml_parser_load(&parser, &source.document)) {
        if (yaml_document_get_root_node(&source.document) != NULL)
            root = read_node(&source, 1, 0);
        else
            say("%s: empty", path);
        yaml_document_delete(&source.document);
    } else {
        say("%s:%zu: %s", path, parser.problem_mark.line + 1, parser.problem);
    }
    yaml_parser_delete(&parser);
    return root;
}

/* The file's document, or NULL after a message. */
static json_t *read_file(const char *path)
{
    FILE *file = fopen(path, "rb");

    if (file == NULL) {
        say("%s: %s", path, strerror(errno));
        return NULL;
    }
    json_t *root = read_stream(path, file);
    fclose(file);
    if (root == NULL || json_is_object(root))
        return root;
    say("%s: not a mapping", path);
    json_decref(root);
    return NULL;
}

/* --- components ------------------------------------------------------------------------------- */

static bool is_section(const char *name)
{
    static const char *const sections[] = {"schemas",        "parameters", "responses",
                                           "requestBodies",  "headers",    "examples",
                                           "securitySchemes"};

    for (size_t i = 0; i < sizeof sections / sizeof sections[0]; i++)
        if (strcmp(name, sections[i]) == 0)
            return true;
    return false;
}

/* object[key], made when it is missing. */
static json_t *member(json_t *object, const char *key)
{
    if (json_object_get(object, key) == NULL)
        put(object, key, json_object());
    return json_object_get(object, key);
}

static bool add_section(json_t *pool, const char *path, const char *section, json_t *components)
{
    const char *name;
    json_t *component;

    if (!is_section(section) || !json_is_object(components)) {
        say("%s: '%s' is not a section of components", path, section);
        return false;
    }
    json_t *known = member(pool, section);
    json_object_foreach(components, name, component) {
        if (json_object_get(known, name) != NULL) {
            say("%s: component %s/%s is defined twice", path, section, name);
            return false;
        }
        put(known, name, json_incref(component));
    }
    return true;
}

static bool add_file(json_t *pool, const char *path)
{
    json_auto_t *sections = read_file(path);
    const char *section;
    json_t *components;

    if (sections == NULL)
        return false;
    json_object_foreach(sections, section, components) {
        if (!add_section(pool, path, section, components))
            return false;
    }
    return true;
}

/* --- references ------------------------------------------------------------------------------- */

static void walk(struct bundle *bundle, json_t *node);

static json_t *find_component(const json_t *sections, const char *reference)
{
    char section[32];

    if (strncmp(reference, COMPONENTS, strlen(COMPONENTS)) != 0)
        return NULL;
    const char *start = reference + strlen(COMPONENTS);
    size_t length = strcspn(start, "/");
    if (length >= sizeof section || start[length] == '\0')
        return NULL;
    memcpy(section, start, length);
    section[length] = '\0';
    return json_object_get(json_object_get(sections, section), start + length + 1);
}

static void follow(struct bundle *bundle, const char *reference)
{
    if (json_object_get(bundle->used, reference) != NULL)
        return;
    put(bundle->used, reference, json_true());
    if (find_component(json_object_get(bundle->document, "components"), reference) != NULL)
        return; /* part of the document itself, which is walked as a whole */

    json_t *component = find_component(bundle->pool, reference);
    if (component == NULL) {
        say("%s: nothing defines '%s'", bundle->path, reference);
        bundle->dangling++;
        return;
    }
    walk(bundle, component);
}

/* Security requirements name their scheme without a $ref. */
static void follow_security(struct bundle *bundle, const json_t *requirements)
{
    size_t index;
    json_t *requirement;
    const char *scheme;
    json_t *scopes;
    char reference[128];

    json_array_foreach(requirements, index, requirement) {
        json_object_foreach(requirement, scheme, scopes) {
            snprintf(reference, sizeof reference, COMPONENTS "securitySchemes/%s", scheme);
            follow(bundle, reference);
        }
    }
}

static void walk_member(struct bundle *bundle, const char *key, json_t *value)
{
    if (strcmp(key, "$ref") == 0 && json_is_string(value))
        follow(bundle, json_string_value(value));
    else if (strcmp(key, "security") == 0 && json_is_array(value))
        follow_security(bundle, value);
    else
        walk(bundle, value);
}

static void walk(struct bundle *bundle, json_t *node)
{
    size_t index;
    const char *key;
    json_t *value;

    if (json_is_array(node)) {
        json_array_foreach(node, index, value) {
            walk(bundle, value);
        }
    } else if (json_is_object(node)) {
        json_object_foreach(node, key, value) {
            walk_member(bundle, key, value);
        }
    }
}

/* Adds what is used of one section of the pool to the document, in the files' order. The rest is
 * for other documents. */
static bool take_section(struct bundle *bundle, const char *section, json_t *components)
{
    json_t *sections = member(bundle->document, "components");
    const char *name;
    json_t *component;
    char reference[256];

    json_object_foreach(components, name, component) {
        if (json_object_get(json_object_get(sections, section), name) != NULL) {
            say("%s: component %s/%s is defined twice", bundle->path, section, name);
            return false;
        }
        snprintf(reference, sizeof reference, COMPONENTS "%s/%s", section, name);
        if (json_object_get(bundle->used, reference) != NULL)
            put(member(sections, section), name, json_incref(component));
    }
    return true;
}

static bool bundle_components(struct bundle *bundle)
{
    const char *section;
    json_t *components;

    walk(bundle, bundle->document);
    if (bundle->dangling > 0)
        return false;
    json_object_foreach(bundle->pool, section, components) {
        if (!take_section(bundle, section, components))
            return false;
    }
    return true;
}

/* --- writing ---------------------------------------------------------------------------------- */

static bool write_value(yaml_emitter_t *emitter, json_t *value);

static bool write_text(yaml_emitter_t *emitter, const char *text, yaml_scalar_style_t style)
{
    yaml_event_t event;

    return yaml_scalar_event_initialize(&event, NULL, NULL, (const yaml_char_t *)text,
                                        (int)strlen(text), 1, 1, style) &&
           yaml_emitter_emit(emitter, &event);
}

static bool write_string(yaml_emitter_t *emitter, const char *text)
{
    json_auto_t *literal = literal_new(text);

    if (literal != NULL || is_ambiguous(text))
        return write_text(emitter, text, YAML_SINGLE_QUOTED_SCALAR_STYLE);
    if (strchr(text, '\n') != NULL)
        return write_text(emitter, text, YAML_LITERAL_SCALAR_STYLE);
    return write_text(emitter, text, YAML_PLAIN_SCALAR_STYLE);
}

static bool write_literal(yaml_emitter_t *emitter, const json_t *value)
{
    char *text = json_dumps(value, JSON_ENCODE_ANY | JSON_NUMBERS);

    if (text == NULL)
        return false;
    bool is_written = write_text(emitter, text, YAML_PLAIN_SCALAR_STYLE);
    free(text);
    return is_written;
}

static bool write_array(yaml_emitter_t *emitter, const json_t *array)
{
    yaml_event_t event;
    size_t index;
    json_t *value;

    if (!yaml_sequence_start_event_initialize(&event, NULL, NULL, 1, YAML_BLOCK_SEQUENCE_STYLE) ||
        !yaml_emitter_emit(emitter, &event))
        return false;
    json_array_foreach(array, index, value) {
        if (!write_value(emitter, value))
            return false;
    }
    return yaml_sequence_end_event_initialize(&event) && yaml_emitter_emit(emitter, &event);
}

static bool write_object(yaml_emitter_t *emitter, json_t *object)
{
    yaml_event_t event;
    const char *key;
    json_t *value;

    if (!yaml_mapping_start_event_initialize(&event, NULL, NULL, 1, YAML_BLOCK_MAPPING_STYLE) ||
        !yaml_emitter_emit(emitter, &event))
        return false;
    json_object_foreach(object, key, value) {
        if (!write_string(emitter, key) || !write_value(emitter, value))
            return false;
    }
    return yaml_mapping_end_event_initialize(&event) && yaml_emitter_emit(emitter, &event);
}

static bool write_value(yaml_emitter_t *emitter, json_t *value)
{
    switch (json_typeof(value)) {
    case JSON_OBJECT:
        return write_object(emitter, value);
    case JSON_ARRAY:
        return write_array(emitter, value);
    case JSON_STRING:
        return write_string(emitter, json_string_value(value));
    case JSON_INTEGER:
    case JSON_REAL:
    case JSON_TRUE:
    case JSON_FALSE:
    case JSON_NULL:
        return write_literal(emitter, value);
    }
    return false;
}

static bool write_stream(yaml_emitter_t *emitter, json_t *root)
{
    yaml_event_t event;

    return yaml_stream_start_event_initialize(&event, YAML_UTF8_ENCODING) &&
           yaml_emitter_emit(emitter, &event) &&
           yaml_document_start_event_initialize(&event, NULL, NULL, NULL, 1) &&
           yaml_emitter_emit(emitter, &event) && write_value(emitter, root) &&
           yaml_document_end_event_initialize(&event, 1) && yaml_emitter_emit(emitter, &event) &&
           yaml_stream_end_event_initialize(&event) && yaml_emitter_emit(emitter, &event);
}

static bool write_yaml(json_t *root, FILE *file)
{
    yaml_emitter_t emitter;

    if (!yaml_emitter_initialize(&emitter))
        return false;
    yaml_emitter_set_output_file(&emitter, file);
    yaml_emitter_set_unicode(&emitter, 1);
    yaml_emitter_set_width(&emitter, -1);
    bool is_written = write_stream(&emitter, root);
    if (!is_written)
        say("%s", emitter.problem == NULL ? "out of memory" : emitter.problem);
    yaml_emitter_delete(&emitter);
    return is_written;
}

static bool write_json(json_t *root, FILE *file)
{
    return json_dumpf(root, file, JSON_COMPACT | JSON_NUMBERS) == 0;
}

/* A file that could not be written whole is removed, lest a later build take it for a result. */
static bool write_file(const char *path, json_t *root, bool (*write)(json_t *root, FILE *file))
{
    FILE *file = fopen(path, "wb");

    if (file == NULL) {
        say("%s: %s", path, strerror(errno));
        return false;
    }
    bool is_written = write(root, file);
    is_written = fclose(file) == 0 && is_written;
    if (!is_written) {
        say("%s: cannot be written", path);
        remove(path);
    }
    return is_written;
}

/* --- the whole -------------------------------------------------------------------------------- */

static bool run(char **files, int count)
{
    json_auto_t *document = read_file(files[2]);
    json_auto_t *pool = allocated(json_object());
    json_auto_t *used = allocated(json_object());
    struct bundle bundle = {.path = files[2], .document = document, .pool = pool, .used = used};

    if (document == NULL)
        return false;
    for (int i = 3; i < count; i++)
        if (!add_file(pool, files[i]))
            return false;
    return bundle_components(&bundle) && write_file(files[0], document, write_json) &&
           write_file(files[1], document, write_yaml);
}

int main(int argc, char **argv)
{
    if (argc < 4) {
        fprintf(stderr, "usage: openapi_bundle OUT.json OUT.yml VERSION.yaml COMPONENT.yaml...\n");
        return EXIT_USAGE;
    }
    return run(argv + 1, argc - 1) ? EXIT_SUCCESS : EXIT_FAILURE;
}
