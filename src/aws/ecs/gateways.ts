import { remoteLimits } from '../../remote-limits.ts';
import { inParallel } from '../../parallel.ts';
import { clusterName, resourcePath } from './resource-path.ts';
import { namesIn } from '../response.ts';
import type { Sweep } from './sweep.ts';

/** Gateways with their resources, and routes; of the clusters that were named only the routes. */
export async function readGateways(sweep: Sweep): Promise<void> {
  const { clusters } = sweep.scope;
  for (const cluster of clusters) {
    await readRoutes(sweep, { cluster }, `cluster/${clusterName(cluster)}/gateway-routes`);
  }
  if (clusters.length > 0) return;
  const listed = sweep.list('ListGateways', { maxResults: 100 }, 'gateways', 'gateways');
  await inParallel(namesIn(listed, 'gatewayArn'), remoteLimits.awsCallsAtOnce, async (gateway) => {
    const name = resourcePath(gateway);
    const response = await sweep.ask('DescribeGateway', { gateway }, name);
    if (response !== undefined) sweep.read(name, response);
    for await (const page of sweep.pages('DescribeGatewayResources', { gateway }, name)) sweep.read(name, page);
    await readRoutes(sweep, { gateway }, name);
  });
}

async function readRoutes(
  sweep: Sweep,
  filter: { readonly gateway: string } | { readonly cluster: string },
  path: string,
): Promise<void> {
  const routes = sweep.list('ListGatewayRoutes', { ...filter, maxResults: 100 }, 'gatewayRoutes', path);
  await inParallel(namesIn(routes, 'gatewayRouteArn'), remoteLimits.awsCallsAtOnce, async (gatewayRouteArn) => {
    const name = resourcePath(gatewayRouteArn);
    const response = await sweep.ask('DescribeGatewayRoute', { gatewayRouteArn }, name);
    if (response !== undefined) sweep.read(name, response);
  });
}
