/** As much of a CycloneDX bill of materials as is looked at here. */
export interface Sbom {
  metadata: { component: { name: string; version: string } };
  components: { 'bom-ref': string; name: string; version: string; properties: { name: string }[] }[];
  dependencies: { ref: string; dependsOn: string[] }[];
}

const DEVELOPMENT = 'cdx:npm:package:development';

/** npm's bill of everything, less what is for development alone; `name` is ours, where npm gives the folder's. */
export const productionSbom = (everything: Sbom, name: string): Sbom => {
  const components = everything.components.filter(
    ({ properties }) => !properties.some((property) => property.name === DEVELOPMENT),
  );
  const { component } = everything.metadata;
  const kept = new Set(components.map((one) => one['bom-ref']));
  return {
    ...everything,
    metadata: { ...everything.metadata, component: { ...component, name } },
    components,
    dependencies: everything.dependencies
      .filter(({ ref }) => kept.has(ref) || ref === `${name}@${component.version}`)
      .map(({ ref, dependsOn }) => ({ ref, dependsOn: dependsOn.filter((one) => kept.has(one)) })),
  };
};
