/** A stand-in for the server while working on the console: `npm run dev:mock`. Invented data, the API's shapes. */
import type { IncomingMessage, ServerResponse } from "node:http";

import type { Connect, Plugin } from "vite";

import { answer } from "./answers.ts";

/** The policy the real server sends, so that what it would refuse fails here too. */
const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

async function read(request: IncomingMessage): Promise<Record<string, unknown>> {
  let text = "";
  for await (const chunk of request) text += String(chunk);
  return text === "" ? {} : (JSON.parse(text) as Record<string, unknown>);
}

async function respond(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? "/", "http://mock");
  const login = /mock_login=(\w+)/.exec(request.headers.cookie ?? "")?.[1];
  const path = url.pathname.split("/").filter((part) => part !== "");
  const method = request.method ?? "GET";
  const given = answer({ method, path, query: url.searchParams, body: await read(request), login });
  response.statusCode = given.status;
  if (given.login !== undefined) response.setHeader("Set-Cookie", `mock_login=${given.login}; HttpOnly; SameSite=Strict; Path=/`);
  response.setHeader("Content-Type", given.status < 400 ? "application/json" : "application/problem+json");
  response.end(given.body === undefined ? undefined : JSON.stringify(given.body));
}

const api: Connect.NextHandleFunction = (request, response, next) => {
  if (request.url?.startsWith("/api/") === true) {
    respond(request, response).catch(next);
    return;
  }
  next();
};

export function mockServer(): Plugin {
  return {
    name: "onefold-mock",
    configureServer: (server) => {
      server.middlewares.use(api);
    },
    configurePreviewServer: (server) => {
      server.middlewares.use((_request, response, next) => {
        response.setHeader("Content-Security-Policy", POLICY);
        next();
      });
      server.middlewares.use(api);
    },
  };
}
