// Runs the judging script of the offline page outside a browser: JSON lines in, one verdict a line out.
import { readFileSync } from "node:fs";
import { createContext, Script } from "node:vm";

const page = readFileSync(process.argv[2], "utf8");
const script = /<script id="judge">([\s\S]*?)<\/script>/.exec(page)[1];
// An older browser: it has SHA-256, but answers as the standard wants for an unknown algorithm.
const old = {
  subtle: {
    digest: (...words) => globalThis.crypto.subtle.digest(...words),
    importKey: () => Promise.reject(new DOMException("Ed25519", "NotSupportedError")),
  },
};

function judgeWith(crypto) {
  const world = createContext({ crypto, TextEncoder, TextDecoder, Uint8Array, atob, btoa, out: null });
  new Script(`${script}\nout = judge;`).runInContext(world);
  return world.out;
}

const browsers = { new: judgeWith(globalThis.crypto), old: judgeWith(old), none: judgeWith({}) };
for (const line of readFileSync(0, "utf8").split("\n").filter(Boolean)) {
  const { text, keys, now, browser } = JSON.parse(line);
  const said = await browsers[browser ?? "new"](text, keys, now);
  console.log(said.verdict === "refused" ? said.code : said.verdict);
}
