// Builds the player's script and style and adds them to the assets of the pages, beside what crates/web/assets-src put
// there before (the order of "workspaces" in the root's package.json).
import { createHash } from "node:crypto";
import { readdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, constants } from "node:zlib";
import * as esbuild from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const out = join(here, "..", "crates", "web", "assets", "dist");
const manifestFile = join(out, "manifest.json");
const manifest = JSON.parse(await readFile(manifestFile, "utf8"));

for (const name of await readdir(out)) {
  if (name.startsWith("player-") || name.startsWith("frame-")) await rm(join(out, name));
}

async function put(name, extension, bytes) {
  const hash = createHash("sha256").update(bytes).digest("hex").slice(0, 12);
  const file = `${name}-${hash}.${extension}`;
  await writeFile(join(out, file), bytes);
  const small = brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } });
  await writeFile(join(out, `${file}.br`), small);
  manifest[`${name}.${extension}`] = file;
  return `${file} ${bytes.length} bytes, ${small.length} compressed`;
}

// Old machines in schools stay at Chrome 109 (the last for Windows 7): the target keeps the output within it.
const options = { bundle: true, minify: true, write: false, target: ["chrome100", "firefox100", "safari15"], legalComments: "none" };
const script = await esbuild.build({ ...options, entryPoints: [join(here, "src", "player.ts")], format: "iife" });
const style = await esbuild.build({ ...options, entryPoints: [join(here, "src", "player.css")] });
// The loader inside the frame of a portable custom interaction; the server writes it into that frame.
const frame = await esbuild.build({ ...options, entryPoints: [join(here, "src", "frame.ts")], format: "iife" });
const sizes = [
  await put("player", "js", Buffer.from(script.outputFiles[0].contents)),
  await put("player", "css", Buffer.from(style.outputFiles[0].contents)),
  await put("frame", "js", Buffer.from(frame.outputFiles[0].contents)),
];
await writeFile(manifestFile, `${JSON.stringify(manifest, null, 2)}\n`);
console.log(`player: ${sizes.join("; ")}`);
