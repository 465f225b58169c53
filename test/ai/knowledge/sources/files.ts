import { strToU8, zipSync } from 'fflate';

/** A PDF with a title, whose one page has these lines at these sizes (points), from top to bottom. */
export const pdfOf = (title: string, lines: [text: string, size: number, below: number][], pages = 1): Buffer => {
  const text = lines.map(([words, size, below]) => `/F1 ${size} Tf 0 -${below} Td (${words}) Tj`).join(' ');
  const content = `BT 72 740 Td ${text} ET`;
  const page = (number: number) =>
    `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 3 0 R ` +
    `/Resources << /Font << /F1 4 0 R >> >> /Number ${number} >>`;
  const kids = Array.from({ length: pages }, (_, index) => `${index + 6} 0 R`).join(' ');
  const objects = [
    '<< /Type /Catalog /Pages 2 0 R >>',
    `<< /Type /Pages /Kids [${kids}] /Count ${pages} >>`,
    `<< /Length ${content.length} >>\nstream\n${content}\nendstream`,
    '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>',
    `<< /Title (${title}) /ModDate (D:20260105120000Z) >>`,
    ...Array.from({ length: pages }, (_, index) => page(index)),
  ];
  let file = '%PDF-1.4\n';
  const offsets = objects.map((object, index) => {
    const offset = file.length;
    file += `${index + 1} 0 obj\n${object}\nendobj\n`;
    return offset;
  });
  const entries = offsets.map((offset) => `${String(offset).padStart(10, '0')} 00000 n \n`).join('');
  const size = objects.length + 1;
  const trailer = `trailer << /Size ${size} /Root 1 0 R /Info 5 0 R >>\nstartxref\n${file.length}\n%%EOF`;
  return Buffer.from(`${file}xref\n0 ${size}\n0000000000 65535 f \n${entries}${trailer}`, 'latin1');
};

/** A Word document with this body, its first heading style under a name as German Word writes it. */
export const docxOf = (body: string, title = 'A document'): Buffer =>
  Buffer.from(
    zipSync({
      'word/document.xml': strToU8(`<w:document><w:body>${body}</w:body></w:document>`),
      'word/styles.xml': strToU8(
        '<w:styles><w:style w:styleId="berschrift2"><w:name w:val="heading 2"/></w:style></w:styles>',
      ),
      'word/_rels/document.xml.rels': strToU8(
        '<Relationships><Relationship Id="rId1" Target="https://shop.example/form" TargetMode="External"/>' +
          '</Relationships>',
      ),
      'docProps/core.xml': strToU8(
        `<core><dc:title>${title}</dc:title><dcterms:modified>2026-03-04T00:00:00Z</dcterms:modified></core>`,
      ),
    }),
  );

/** A paragraph of a Word document; `properties` stand before its text. */
export const paragraph = (text: string, properties = ''): string =>
  `<w:p><w:pPr>${properties}</w:pPr><w:r><w:t xml:space="preserve">${text}</w:t></w:r></w:p>`;

export const pageOf = (title: string, body: string): string =>
  `<!doctype html><html lang="en-GB"><head><title>${title} | Lamp shop</title></head><body><nav>Home Shop</nav>` +
  `<main><h1>${title}</h1><p>${body}</p></main><footer>Imprint</footer></body></html>`;
