import { encode } from 'modern-gif';
import { PNG } from 'pngjs';

/** A picture of a film. */
export interface Frame {
  /** A PNG file. */
  png: Buffer;
  /** So long it is shown. */
  ms: number;
}

/** Makes an animated GIF, which starts again at its end, of pictures of the same size. */
export const animate = async (frames: readonly Frame[]): Promise<Buffer> => {
  const pictures = frames.map(({ png, ms }) => ({ ...PNG.sync.read(png), ms }));
  const [first] = pictures;
  if (first === undefined) throw new Error('A film has one frame at least');
  const { width, height } = first;
  const gif = await encode({
    width,
    height,
    maxColors: 255,
    // What is as in the frame before costs nothing: the encoder leaves it out.
    frames: pictures.map(({ data, ms }) => ({ data: new Uint8ClampedArray(data), delay: ms })),
  });
  return Buffer.from(gif);
};
