import { expect, test } from "vitest";
import { computeProblem, cpuText, mebibytes, milliCpu } from "./compute.ts";

test("CPU is read in every way people write it", () => {
  expect([1, "1", "1000m", 0.5, "500m", "0.08", 8].map(milliCpu)).toEqual([
    1000, 1000, 1000, 500, 500, 80, 8000,
  ]);
});

test("a CPU count Cloud Run does not offer is none", () => {
  expect([3, 0.07, 1.5, 0, -1, 16, "one", "1.0000", ""].map(milliCpu)).toEqual(Array(9).fill(undefined));
});

test("CPU is written whole or in thousandths", () => {
  expect([1000, 8000, 80].map(cpuText)).toEqual(["1", "8", "80m"]);
});

test("memory is from 128Mi to 32Gi", () => {
  expect(["128Mi", "512Mi", "32Gi"].map(mebibytes)).toEqual([128, 512, 32_768]);
  expect(["127Mi", "33Gi", "512", "512M", "0Gi", "1.5Gi"].map(mebibytes)).toEqual(Array(6).fill(undefined));
});

test("each CPU count carries so much memory and no more", () => {
  const most: [number, number][] = [
    [400, 512],
    [500, 1024],
    [1000, 4096],
    [2000, 8192],
    [4000, 16_384],
    [6000, 24_576],
    [8000, 32_768],
  ];
  for (const [milli, memory] of most) {
    expect(computeProblem(milli, memory, 1)).toBeUndefined();
    expect(computeProblem(milli, memory + 1, 1)?.setting).toBe("memory");
  }
});

test("four CPUs need 2Gi, six need 4Gi", () => {
  expect(computeProblem(4000, 2047, 1)?.setting).toBe("memory");
  expect(computeProblem(4000, 2048, 1)).toBeUndefined();
  expect(computeProblem(6000, 4095, 1)?.setting).toBe("memory");
  expect(computeProblem(6000, 4096, 1)).toBeUndefined();
});

test("less than one CPU takes one request at a time", () => {
  expect(computeProblem(500, 512, 2)?.setting).toBe("concurrency");
  expect(computeProblem(1000, 512, 80)).toBeUndefined();
});
