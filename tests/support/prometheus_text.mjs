// Reads the text that Prometheus reads (format 0.0.4), and refuses whatever is not quite right.
import assert from "node:assert/strict";

const NAME = "[a-zA-Z_:][a-zA-Z0-9_:]*";
const LABEL = /([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\["\\n])*)"(,|$)/y;
const SAMPLE = new RegExp(`^(${NAME})(?:\\{(.*)\\})? (-?[0-9]+(?:\\.[0-9]+)?|[+-]Inf|NaN)$`);

function parseLabels(text, line) {
    const labels = {};
    LABEL.lastIndex = 0;
    while (LABEL.lastIndex < text.length) {
        const [, name, value, end] = LABEL.exec(text) ?? assert.fail(`labels: ${line}`);
        assert.ok(!(name in labels), `a label twice: ${line}`);
        labels[name] = value.replace(/\\(.)/g, (_, c) => (c === "n" ? "\n" : c));
        if (end === "" && LABEL.lastIndex < text.length) assert.fail(`labels: ${line}`);
    }
    assert.ok(!text.endsWith(","), line);
    return labels;
}

/** The same labels give the same text, whatever their order. */
const key = (labels) =>
    Object.entries(labels)
        .map(([name, value]) => `${name}=${JSON.stringify(value)}`)
        .sort()
        .join(",");

function checkHistogram(name, samples) {
    const series = new Map();
    for (const { name: sample, labels, value } of samples) {
        const { le, ...rest } = labels;
        const at = key(rest);
        if (!series.has(at)) series.set(at, { buckets: [] });
        if (sample === `${name}_bucket`) series.get(at).buckets.push({ le, value });
        else if (sample === `${name}_sum`) series.get(at).sum = value;
        else if (sample === `${name}_count`) series.get(at).count = value;
        assert.equal(sample === `${name}_bucket`, le !== undefined, `${sample} ${at}`);
    }
    for (const [at, { buckets, sum, count }] of series) {
        const bounds = buckets.map(({ le }) => (le === "+Inf" ? Infinity : Number(le)));
        assert.ok(bounds.length > 1 && bounds.every((bound, i) => i === 0 || bound > bounds[i - 1]), `${name} ${at}: bounds`);
        assert.equal(bounds.at(-1), Infinity, `${name} ${at}`);
        assert.ok(buckets.every(({ value }, i) => i === 0 || value >= buckets[i - 1].value), `${name} ${at}: not rising`);
        assert.equal(buckets.at(-1).value, count, `${name} ${at}: the last bucket and the count`);
        assert.ok(sum >= 0, `${name} ${at}: sum`);
        assert.ok(sum === 0 || count > 0, `${name} ${at}: a sum of nothing`);
    }
}

class Metrics {
    constructor(families) {
        this.families = families;
    }

    /** The names that an expression may use: a histogram's are those of its samples. */
    names() {
        return [...this.families].flatMap(([name, { type }]) =>
            type === "histogram" ? ["_bucket", "_sum", "_count"].map((end) => name + end) : [name],
        );
    }

    /** The value of a sample; undefined where there is none. Of labels, all must be named. */
    value(name, labels = {}) {
        const wanted = key(labels);
        for (const { samples } of this.families.values())
            for (const sample of samples)
                if (sample.name === name && key(sample.labels) === wanted) return sample.value;
        return undefined;
    }

    /** {labels as a text: value} of one sample's name. */
    all(name) {
        const values = {};
        for (const { samples } of this.families.values())
            for (const sample of samples) if (sample.name === name) values[key(sample.labels)] = sample.value;
        return values;
    }
}

export const labelsText = key;

/** Parses a whole answer: every family with HELP, then TYPE, then its samples, none of them twice. */
export function parseMetrics(text) {
    assert.ok(text.endsWith("\n"), "the last line ends");
    const families = new Map();
    const seen = new Set();
    let family;
    for (const line of text.slice(0, -1).split("\n")) {
        const [, word, name, rest] = new RegExp(`^# (HELP|TYPE) (${NAME}) (.+)$`).exec(line) ?? [];
        if (word === "HELP") {
            assert.ok(!families.has(name), `described twice: ${name}`);
            family = { name, help: rest, samples: [] };
            families.set(name, family);
        } else if (word === "TYPE") {
            assert.equal(name, family?.name, `TYPE without HELP: ${line}`);
            assert.equal(family.type, undefined, line);
            assert.match(rest, /^(counter|gauge|histogram)$/, line);
            family.type = rest;
        } else {
            const [, sample, labels = "", value] = SAMPLE.exec(line) ?? assert.fail(`not a line: ${line}`);
            assert.ok(family?.type, `before its type: ${line}`);
            const ends = family.type === "histogram" ? ["_bucket", "_sum", "_count"] : [""];
            assert.ok(ends.some((end) => sample === family.name + end), `${line} among ${family.name}`);
            const parsed = { name: sample, labels: parseLabels(labels, line), value: Number(value) };
            const id = `${sample} ${key(parsed.labels)}`;
            assert.ok(!seen.has(id), `twice: ${id}`);
            seen.add(id);
            assert.ok(family.type === "gauge" || parsed.value >= 0, line);
            family.samples.push(parsed);
        }
    }
    for (const [name, { type, samples }] of families) {
        assert.ok(type, `${name} has no type`);
        if (type === "histogram") checkHistogram(name, samples);
    }
    return new Metrics(families);
}
