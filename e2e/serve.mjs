// Loads the demonstration network into a fresh folder, keeps its test codes for the journeys, then serves it.
import { execFileSync, spawn } from "node:child_process";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";

const [zerek, port] = process.argv.slice(2);
rmSync(".data", { recursive: true, force: true });
mkdirSync(".data");
const loaded = execFileSync(zerek, ["demo", "--load-only", "--json", "--data", ".data/network"], { encoding: "utf8" });
writeFileSync(".data/loaded.json", loaded);
const server = spawn(zerek, ["serve", "--data", ".data/network", "--listen", `127.0.0.1:${port}`], { stdio: "inherit" });
for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => server.kill("SIGTERM"));
server.on("exit", (code) => process.exit(code ?? 0));
