/** Holds the build to its promises: what the first page loads stays small, and nothing is inline or elsewhere. */
import { readFileSync, readdirSync } from "node:fs";
import { gzipSync } from "node:zlib";

const MOST_BYTES = 350 * 1024;
const dist = new URL("../dist/", import.meta.url);
const read = (name) => readFileSync(new URL(name, dist));

const manifest = JSON.parse(read(".vite/manifest.json").toString());

/** Every script that the entry needs before anything shows. */
function needed(key, seen = new Set()) {
  if (seen.has(key)) return seen;
  seen.add(key);
  for (const next of manifest[key].imports ?? []) needed(next, seen);
  return seen;
}

const entry = Object.keys(manifest).find((key) => manifest[key].isEntry);
const files = [...needed(entry)].map((key) => manifest[key].file);
const bytes = files.reduce((sum, file) => sum + gzipSync(read(file)).length, 0);

const html = read("index.html").toString();
const faults = [];
if (bytes > MOST_BYTES) faults.push(`the first page loads ${bytes} bytes of script, ${MOST_BYTES} is the most`);
if (/<script(?![^>]*\bsrc=)|<style|\sstyle=|\son[a-z]+=/i.test(html)) faults.push("index.html has something inline");
if (/(?:src|href)="(?:https?:)?\/\//i.test(html)) faults.push("index.html asks another site");
for (const name of readdirSync(new URL("assets/", dist)).filter((file) => file.endsWith(".css"))) {
  if (/url\(\s*["']?(?:https?:|data:|\/\/)/i.test(read(`assets/${name}`).toString())) faults.push(`${name} asks another site or inlines a file`);
}

process.stdout.write(`console: first page ${(bytes / 1024).toFixed(0)} KB of script (gzip), limit ${MOST_BYTES / 1024} KB\n`);
if (faults.length > 0) {
  process.stderr.write(faults.map((fault) => `console: ${fault}\n`).join(""));
  process.exit(1);
}
