const base64 = (text: string): Buffer => Buffer.from(text, 'base64');

/** The smallest pictures that there are, by media type. */
export const PICTURES = {
  'image/png': base64(
    'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  ),
  'image/gif': base64('R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7'),
  'image/webp': base64('UklGRiQAAABXRUJQVlA4IBgAAAAwAQCdASoBAAEAAwA0JaQAA3AA/vuUAAA='),
  'image/jpeg': base64('/9j/4AAQSkZJRgABAQEAYABgAAD/2Q=='),
};
