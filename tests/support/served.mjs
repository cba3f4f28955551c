// A service over the fixture world, shared by all tests of one file.
import { after, before } from "node:test";
import { dropDatabase } from "./database.mjs";
import { startService } from "./service.mjs";
import { worldDatabase } from "./world.mjs";

/**
 * Starts a service before the tests of the file and stops it after them. Its database holds the
 * world and the records ADDED; `env` sets variables of the service. Gives () => the service.
 */
export function serveWorld(added = [], { env } = {}) {
    let service;
    let database;
    before(async () => {
        database = await worldDatabase(added);
        service = await startService({ database, env });
    });
    after(async () => {
        await service?.stop();
        await dropDatabase(database);
    });
    return () => service;
}
