/**
 * A placeholder: answers every request as Google's `us-docker.pkg.dev/cloudrun/container/hello` does, with 200 and a
 * page of this title (https://github.com/GoogleCloudPlatform/cloud-run-hello). It knows no tokens.
 */
import { createServer } from "node:http";
import { listen } from "./host.ts";

const page = `<!doctype html>
<html lang=en>
<head>
<meta charset=utf-8>
<title>Congratulations | Cloud Run</title>
</head>
<body><h1>It's running!</h1></body>
</html>
`;

const server = createServer((_request, response) => {
  response.writeHead(200, { "content-type": "text/html; charset=utf-8" });
  response.end(page);
});
// Go's server hands a WebSocket handshake to the same handler, which answers with the page.
server.on("upgrade", (_request, socket) => {
  socket.end(
    `HTTP/1.1 200 OK\r\ncontent-type: text/html; charset=utf-8\r\nconnection: close\r\ncontent-length: ${Buffer.byteLength(page)}\r\n\r\n${page}`,
  );
});
listen(server);
