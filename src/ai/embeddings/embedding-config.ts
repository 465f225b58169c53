/** Where vectors come from. */
export type EmbeddingConfig =
  | {
      kind: 'server';
      /** With its version, such as `https://api.openai.com/v1`. */
      baseUrl: string;
      model: string;
      /** `null` for servers that want none. */
      apiKey: string | null;
    }
  | {
      kind: 'local';
      /** Holds `model.onnx` and `tokenizer.json`; `null`: the model that is fetched. */
      folder: string | null;
      xdgCacheHome: string | undefined;
    };
