/** What a program needs of where it runs: a port to listen on, and to end when it is told or left alone. */
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";

/** Longer than a client keeps an idle connection, so that none is closed while a request is on its way. */
const keepAlive = 600_000;

/** Listens on the port in `PORT` (0: any) and says which it is to whoever started the program. */
export function listen(server: Server, ending: () => void = () => {}): void {
  server.keepAliveTimeout = keepAlive;
  server.listen(Number(process.env.PORT || 8080), "127.0.0.1", () => {
    const address = server.address();
    if (isAddress(address)) process.send?.({ port: address.port });
  });
  // The sandbox is gone, even if it was killed, and even before this line: nothing is left running.
  if (process.connected === false) process.exit(0);
  process.on("disconnect", () => process.exit(0));
  // Cloud Run asks with SIGTERM, ten seconds before it insists.
  process.on("SIGTERM", () => {
    ending();
    server.close(() => process.exit(0));
    server.closeIdleConnections();
  });
}

/** Ends the program with one line that says why. Nothing of a key is in it. */
export function refuseToStart(why: string): never {
  process.stderr.write(`${why}\n`);
  process.exit(1);
}

function isAddress(address: AddressInfo | string | null): address is AddressInfo {
  return typeof address === "object" && address !== null;
}
