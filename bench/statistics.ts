/** A value at a time in ms. */
export interface Sample {
  at: number;
  value: number;
}

/** The value that a share of all values, from 0 to 1, doesn't exceed; NaN of none. */
export const quantile = (values: readonly number[], share: number): number => {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
};

/** Growth by least squares, per minute; 0 of fewer than two samples. */
export const growthPerMinute = (samples: readonly Sample[]): number => {
  const mean = (of: (sample: Sample) => number) => samples.reduce((sum, one) => sum + of(one), 0) / samples.length;
  const [at, value] = [mean((one) => one.at), mean((one) => one.value)];
  const spread = samples.reduce((sum, one) => sum + (one.at - at) ** 2, 0);
  if (spread === 0 || samples.length < 2) return 0;
  return (samples.reduce((sum, one) => sum + (one.at - at) * (one.value - value), 0) / spread) * 60_000;
};
