/** The value of a cookie in a request's `Cookie` header. */
export const cookieOf = (header: string | undefined, wanted: string): string | undefined =>
  header
    ?.split(';')
    .map((pair) => pair.trim().split('='))
    .find(([name]) => name === wanted)?.[1];
