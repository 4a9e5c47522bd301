// What Pulumi loads: by require(), with a type checker in its way that knows an older TypeScript. import() leads past it.
if (!process.features.typescript) {
  process.stderr.write(
    `The policy pack's sources need Node 22.18 or newer, and Pulumi runs it on ${process.version}: ` +
      "put a newer Node first on PATH, or run `npm run build` and use --policy-pack dist/policy-pack.\n",
  );
  process.exit(1);
}
module.exports = import("./pack.ts");
