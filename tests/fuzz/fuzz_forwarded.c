/* X-Forwarded-For, and the setting that says whom to believe. */
#include "base/address.h"
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text = fuzz_text(data, size);
    struct address_ranges trusted, read;
    struct address peer, client, again;
    char written[ADDRESS_TEXT_SIZE];

    PROMISE(address_ranges_parse("127.0.0.0/8,10.0.0.0/8,fc00::/7", &trusted));
    PROMISE(address_parse("127.0.0.1", &peer));
    client = address_of_client(&trusted, &peer, text);
    PROMISE(address_parse(address_format(&client, written), &again));
    PROMISE(memcmp(&client, &again, sizeof(client)) == 0);

    PROMISE(address_parse("203.0.113.9", &peer));
    client = address_of_client(&trusted, &peer, text);
    PROMISE(memcmp(&client, &peer, sizeof(client)) == 0);

    if (address_ranges_parse(text, &read))
        for (size_t i = 0; i < read.count; i++)
            PROMISE(address_ranges_have(&read, &read.items[i].first));
    free(text);
    return 0;
}
