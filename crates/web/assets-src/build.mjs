// Builds what the browser gets: one style sheet, one script, two fonts; names carry a hash of their content, so they may
// be cached for ever, and every file has a brotli twin made here once instead of on every request.
import { createHash } from "node:crypto";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, constants } from "node:zlib";
import * as esbuild from "esbuild";
import subsetFont from "subset-font";

const here = dirname(fileURLToPath(import.meta.url));
const out = join(here, "..", "assets", "dist");
const require = createRequire(import.meta.url);

/** Latin, Russian, the letters Kazakh adds, and the punctuation and signs that pages use. */
const letters = (() => {
  const range = (from, to) => Array.from({ length: to - from + 1 }, (_, step) => String.fromCodePoint(from + step)).join("");
  const kazakh = "ӘәҒғҚқҢңӨөҰұҮүҺһІі";
  const signs = "\u00a0\u2009\u202f«»„“”‘’–—−…·•°±×÷§№₸≤≥≠≈→←↑↓%‰©";
  return range(0x20, 0x7e) + range(0x410, 0x44f) + "Ёё" + kazakh + signs;
})();

const manifest = {};

async function put(name, extension, bytes, { compress = true } = {}) {
  const hash = createHash("sha256").update(bytes).digest("hex").slice(0, 12);
  const file = `${name}-${hash}.${extension}`;
  await writeFile(join(out, file), bytes);
  if (compress) {
    const small = brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } });
    await writeFile(join(out, `${file}.br`), small);
  }
  manifest[`${name}.${extension}`] = file;
  return file;
}

async function font(name, path) {
  const whole = await readFile(require.resolve(path));
  const small = await subsetFont(whole, letters, { targetFormat: "woff2", noLayoutClosure: true });
  return put(name, "woff2", small, { compress: false });
}

await rm(out, { recursive: true, force: true });
await mkdir(out, { recursive: true });

const regular = await font("noto-sans", "@expo-google-fonts/noto-sans/400Regular/NotoSans_400Regular.ttf");
const bold = await font("noto-sans-bold", "@expo-google-fonts/noto-sans/700Bold/NotoSans_700Bold.ttf");

// Old machines in schools stay at Chrome 109 (the last for Windows 7): the target keeps the output within it.
const options = { bundle: true, minify: true, write: false, target: ["chrome100", "firefox100", "safari15"], legalComments: "none" };

// Dark colours stand in the style sheet once, for the chosen theme; here they become those of a dark system too. Paper is
// white whatever was chosen.
const source = await readFile(join(here, "page.css"), "utf8");
const dark = /:root\[data-theme="dark"\] (\{[^}]*\})/.exec(source);
if (!dark) throw new Error("page.css: no rule for the dark theme");
const themes = `@media screen and (prefers-color-scheme: dark) { :root:not([data-theme="light"]) ${dark[1]} }
@media screen { ${dark[0]} }`;
const style = await esbuild.build({
  ...options,
  stdin: { contents: source.replace(dark[0], themes), loader: "css", resolveDir: here },
  external: ["*.woff2"],
});
const css = style.outputFiles[0].text.replace("noto-sans.woff2", regular).replace("noto-sans-bold.woff2", bold);
await put("page", "css", Buffer.from(css));

const script = await esbuild.build({ ...options, entryPoints: [join(here, "page.ts")], format: "iife" });
await put("page", "js", Buffer.from(script.outputFiles[0].contents));

await put("icon", "svg", await readFile(join(here, "icon.svg")));

await writeFile(join(out, "manifest.json"), `${JSON.stringify(manifest, null, 2)}\n`);
console.log(`pages: ${Object.values(manifest).join(", ")}`);
