import { useData } from 'vitepress';
import { defineComponent, h, onMounted, ref, useId, watch } from 'vue';

/**
 * A diagram in Mermaid's language. Its text is shown until the browser has drawn it, in light or dark as the page is.
 */
export const MermaidDiagram = defineComponent({
  props: { text: { type: String, required: true } },
  setup({ text }) {
    const { isDark } = useData();
    const id = `diagram-${useId()}`;
    const svg = ref<string>();
    const draw = async (): Promise<void> => {
      // Only pages with a diagram load it: it is larger than all pages together.
      const { default: mermaid } = await import('mermaid');
      mermaid.initialize({ startOnLoad: false, theme: isDark.value ? 'dark' : 'default', fontFamily: 'inherit' });
      svg.value = (await mermaid.render(id, text)).svg;
    };
    onMounted(draw);
    watch(isDark, draw);
    return () =>
      svg.value === undefined ? h('pre', text) : h('div', { class: 'mermaid-diagram', innerHTML: svg.value });
  },
});
