// Requests to a service under test. Each answer is checked against its OpenAPI (openapi.mjs).
import http from "node:http";
import net from "node:net";
import { gunzipSync } from "node:zlib";
import { checkResponse } from "./openapi.mjs";

function answer({ status, headers, rawHeaders, body }) {
    const plain = headers["content-encoding"] === "gzip" && body.length > 0 ? gunzipSync(body) : body;
    const text = plain.toString("utf8");
    let json;
    try {
        json = JSON.parse(text);
    } catch {
        json = undefined;
    }
    return { status, headers, rawHeaders, text, json, body };
}

/** The query of {name: value}; a value that is a list repeats the name. Names keep their brackets. */
export function query(parameters) {
    const pairs = Object.entries(parameters).flatMap(([name, value]) =>
        [value].flat().map((each) => `${name}=${encodeURIComponent(each)}`),
    );
    return pairs.length === 0 ? "" : `?${pairs.join("&")}`;
}

/**
 * One request; PATH is sent as it stands, without any normalising.
 *   token    Authorization: Bearer TOKEN
 *   now      X-With-Server-Date
 *   body     an object is sent as application/json; text and bytes are sent as they are
 *   raw      with it, a body that is text gets no Content-Type of ours
 *   headers  added last; a value that is undefined leaves a header out
 *   check    false: the answer is not held against OpenAPI (for documents that are wrong on purpose)
 * Gives {status, headers, rawHeaders, text, json, body}.
 */
export async function request(service, method, path, options = {}) {
    const { token, now, body, raw = false, headers = {}, check = true } = options;
    const isText = typeof body === "string" || Buffer.isBuffer(body);
    const payload = body === undefined ? undefined : isText ? body : JSON.stringify(body);
    const all = {
        ...(token !== undefined && { Authorization: `Bearer ${token}` }),
        ...(now !== undefined && { "X-With-Server-Date": now }),
        ...(payload !== undefined && { "Content-Length": Buffer.byteLength(payload) }),
        ...(payload !== undefined && !raw && { "Content-Type": "application/json" }),
        ...headers,
    };
    for (const name of Object.keys(all)) if (all[name] === undefined) delete all[name];

    const result = await new Promise((done, fail) => {
        const { host, port, agent } = service;
        const call = http.request({ host, port, agent, method, path, headers: all }, (response) => {
            const parts = [];
            response.on("data", (part) => parts.push(part));
            response.on("error", fail);
            response.on("end", () =>
                done({
                    status: response.statusCode,
                    headers: response.headers,
                    rawHeaders: response.rawHeaders,
                    body: Buffer.concat(parts),
                }),
            );
        });
        call.on("error", fail);
        call.end(payload);
    });
    const response = answer(result);
    if (check) await checkResponse(service, method, path, response);
    return response;
}

export const get = (service, path, options) => request(service, "GET", path, options);
export const post = (service, path, body, options) =>
    request(service, "POST", path, { ...options, body });
export const put = (service, path, body, options) =>
    request(service, "PUT", path, { ...options, body });

/** A body as every POST and PUT of the API has it. */
export const envelope = (type, attributes) => ({ data: { type, attributes } });

/**
 * Sends bytes over a connection of its own and reads until the other side closes it or `wait` ms
 * have passed without a byte: for requests that no HTTP client would send. Gives the text received.
 */
export function sendBytes(service, bytes, { wait = 5000 } = {}) {
    return new Promise((done, fail) => {
        const parts = [];
        const socket = net.connect(service.port, service.host, () => socket.write(bytes));
        const finish = () => {
            socket.destroy();
            done(Buffer.concat(parts).toString("latin1"));
        };
        socket.setTimeout(wait, finish);
        socket.on("data", (part) => parts.push(part));
        socket.on("end", finish);
        socket.on("error", (error) => (parts.length > 0 ? finish() : fail(error)));
    });
}
