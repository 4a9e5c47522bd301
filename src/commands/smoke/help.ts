/** What `jwt-secret smoke --help` prints. */
import { formats } from "./writers.ts";

export const help = `jwt-secret smoke: prove that backend accepts a fresh token, and refuses one signed with another key, one that is
expired, and none; that auth's own token is accepted; over WebSocket and HTTP, with tokens that live 60 seconds.

Usage: jwt-secret smoke --stack NAME [options]

Which environment:
  --stack NAME             the stack whose outputs name the version and the addresses; pulumi is asked
  --state FILE             read the outputs from this state instead (pulumi stack export; - is standard input)
  --sandbox                the stack of npm start (default: staging)
  --production             needed for production: its key is read

Services that are not the stack's:
  --secret-version NAME    projects/PROJECT/secrets/SECRET/versions/NUMBER, the key both should hold
  --url URL                backend; --auth-url URL: auth. https only, this machine aside
  --confirm-host HOST      needed for each host that is not the stack's: it gets tokens; repeatable

How they are asked:
  --websocket-path PATH    default: /ws;  --no-websocket: not over WebSocket
  --http-path PATH         a path that needs a token; default: /me;  --no-http: not over HTTP
  --remote-path PATH       a path of backend that asks auth about the token, if there is one
  --websocket-token HOW    header (default), or subprotocol: jwt. and the token in base64url, as a browser sends it
  --subprotocol NAME       a subprotocol to offer besides; repeatable
  --auth-token-path PATH   where auth gives a token: JSON with access_token, accessToken, token or jwt
  --auth-token-method HOW  GET or POST (default: POST);  --auth-token-body FILE: the JSON to send (- is standard input)
  --auth-validate-path PATH  where auth says of a token whether it is valid: POST { token }, JSON with valid or active
  --subject WHO            the sub claim of our tokens (default: smoke-test)
  --claim NAME=TEXT        a further claim; NAME:=JSON for what is no text; repeatable
  --no-identity-token      send none to a private service (else your own, in X-Serverless-Authorization)
  --timeout TIME           for one answer (default: 10s);  --settle TIME: watch an open WebSocket (default: 1s)
  --wait TIME              ask again that long while there is no answer, or a 5xx (default: 0s)

  --format FORMAT          ${formats.join(", ")} (default: text)
  --output FILE            write the report there instead of to standard output
  --help                   this text

Exit codes: 0 accepted; 1 rejected, with the likely cause; 2 it could not be told (a 5xx, no answer, TLS, DNS, a redirect,
a placeholder, no permission), or wrong usage.

Examples:
  jwt-secret smoke --stack staging --http-path /api/me --auth-token-path /login --auth-token-body login.json
  jwt-secret smoke --secret-version projects/p/secrets/s/versions/3 --url https://api.example.com --confirm-host api.example.com
`;
