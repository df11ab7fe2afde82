// Bundles the tests with esbuild (Node 20 reads no TypeScript) and runs them with Node's own runner.
import { spawnSync } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import * as esbuild from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const folder = await mkdtemp(join(tmpdir(), "zerek-player-"));
const outfile = join(folder, "player.test.mjs");
await esbuild.build({ entryPoints: [join(here, "player.test.ts")], bundle: true, platform: "node", format: "esm", outfile });
const { status } = spawnSync(process.execPath, ["--test", outfile], { stdio: "inherit" });
await rm(folder, { recursive: true, force: true });
process.exit(status ?? 1);
