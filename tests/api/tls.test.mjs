// HTTPS without anything in front: TLS_CERTIFICATE and TLS_KEY.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import https from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import tls from "node:tls";
import { sendBytes } from "../support/client.mjs";
import { dropDatabase } from "../support/database.mjs";
import { startService } from "../support/service.mjs";
import { TOKENS, worldDatabase } from "../support/world.mjs";

describe("HTTPS", () => {
    let folder;
    let database;
    let service;
    let ca;

    before(async () => {
        folder = mkdtempSync(join(tmpdir(), "cpd-tls-"));
        const [TLS_KEY, TLS_CERTIFICATE] = ["key.pem", "certificate.pem"].map((name) => join(folder, name));
        execFileSync(
            "openssl",
            [
                ..."req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2".split(" "),
                ...["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"],
                ...["-keyout", TLS_KEY, "-out", TLS_CERTIFICATE],
            ],
            { stdio: "ignore" },
        );
        ca = readFileSync(TLS_CERTIFICATE);
        database = await worldDatabase();
        service = await startService({ database, env: { TLS_CERTIFICATE, TLS_KEY, FORCE_HTTPS: "1" } });
    });
    after(async () => {
        await service?.stop();
        await dropDatabase(database);
        rmSync(folder, { recursive: true, force: true });
    });

    const ask = (path, headers = {}) =>
        new Promise((done, fail) => {
            const options = { host: "127.0.0.1", port: service.port, path, headers, ca, agent: false };
            https
                .get(options, (response) => {
                    let text = "";
                    response.setEncoding("utf8").on("data", (part) => (text += part));
                    response.on("end", () =>
                        done({ status: response.statusCode, headers: response.headers, text }),
                    );
                })
                .on("error", fail);
        });

    test("is answered, and needs no redirection", async () => {
        const response = await ask("/api/v3/participants/ecf", {
            Authorization: `Bearer ${TOKENS["LP-A"]}`,
        });
        assert.equal(response.status, 200);
        assert.ok(JSON.parse(response.text).data.length > 2);
        assert.equal(
            response.headers["strict-transport-security"],
            "max-age=63072000; includeSubDomains",
        );
    });

    test("its protocol is of today", async () => {
        const negotiated = (options) =>
            new Promise((done) => {
                const socket = tls.connect({ host: "127.0.0.1", port: service.port, ca, ...options }, () => {
                    done(socket.getProtocol());
                    socket.destroy();
                });
                socket.on("error", () => done(null));
            });
        assert.equal(await negotiated({}), "TLSv1.3");
        assert.equal(await negotiated({ maxVersion: "TLSv1.2" }), "TLSv1.2");
        const old = { minVersion: "TLSv1", maxVersion: "TLSv1.1", ciphers: "DEFAULT@SECLEVEL=0" };
        assert.equal(await negotiated(old), null);
    });

    test("plain HTTP is not understood, and does no harm", async () => {
        const text = await sendBytes(service, "GET /check HTTP/1.1\r\nHost: x\r\n\r\n", { wait: 500 }).catch(
            () => "",
        );
        assert.doesNotMatch(text, /200/);
        assert.equal((await ask("/check")).status, 200);
    });
});
