import { readFile } from "node:fs/promises";

import openapiTS, { COMMENT_HEADER, astToString } from "openapi-typescript";
import { expect, test } from "vitest";

const read = (path: string) => readFile(new URL(path, import.meta.url), "utf-8");

test("the client's types are those of openapi.json, untouched: `npm run api` writes them", async () => {
  const made = await openapiTS(await read("../openapi.json"), { emptyObjectsUnknown: true });
  expect(`${COMMENT_HEADER}${astToString(made)}`).toBe(await read("../src/api/generated/schema.d.ts"));
});
