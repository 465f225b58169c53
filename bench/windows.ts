/** The most moments (ms, in their order) that lie within any stretch of so many ms. */
export const mostWithin = (times: readonly number[], ms: number): number => {
  let [most, first] = [0, 0];
  times.forEach((time, last) => {
    while (time - (times[first] ?? time) >= ms) first += 1;
    most = Math.max(most, last - first + 1);
  });
  return most;
};
