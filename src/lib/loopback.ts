/** Whether a host, by name or IP address, is this machine. IPv6 with or without brackets. */
export const isLoopback = (host: string): boolean => /^(localhost|127\.\d+\.\d+\.\d+|\[?::1\]?)$/.test(host);
