import { digestOf } from '../../image/descriptor.ts';
import { arrayOf, isObject, type JsonObject, memberOf } from '../../image/json.ts';
import type { ListedRepository, ListedText } from '../../registry/registry-listing.ts';
import type { Asking } from '../asking.ts';
import { isText } from '../response.ts';

/** Most of one page (Amazon ECR API Reference, Amazon ECR Public API Reference). */
const PAGE = 1000;

/** The calls that ECR and ECR Public have in common, as far as they are made here. */
interface CommonInputs {
  readonly DescribeRepositories: { readonly maxResults?: number; readonly repositoryNames?: string[] };
  readonly DescribeImages: { readonly repositoryName: string; readonly maxResults: number };
  readonly ListTagsForResource: { readonly resourceArn: string };
  readonly GetRepositoryPolicy: { readonly repositoryName: string };
}

/** Repositories of one registry, private or public, and what both kinds keep of each. */
export class Repositories {
  readonly #asking: Pick<Asking<CommonInputs>, 'ask' | 'list'>;
  readonly #surface: Pick<ListedText, 'surface'>;
  /** As the list told them, until their texts are read. */
  readonly #described = new Map<string, JsonObject>();

  /** `surface`: of all texts, where they have one of their own. */
  constructor(asking: Pick<Asking<CommonInputs>, 'ask' | 'list'>, surface: Pick<ListedText, 'surface'> = {}) {
    this.#asking = asking;
    this.#surface = surface;
  }

  async *list(): AsyncGenerator<ListedRepository, void, undefined> {
    const all = this.#asking.list('DescribeRepositories', { maxResults: PAGE }, 'repositories', 'repositories');
    for await (const each of all) {
      const name = memberOf(each, 'repositoryName');
      if (!isObject(each) || !isText(name)) continue;
      this.#described.set(name, each);
      yield { name };
    }
  }

  async *images(repository: string, filter: object = {}): AsyncGenerator<JsonObject, void, undefined> {
    const input = { repositoryName: repository, maxResults: PAGE, ...filter };
    for await (const each of this.#asking.list('DescribeImages', input, 'imageDetails', `repository/${repository}`)) {
      if (isObject(each)) yield each;
    }
  }

  /** Its description, its tags and its policy. */
  async *texts(repository: string): AsyncGenerator<ListedText, void, undefined> {
    const of = `repository/${repository}`;
    const described = await this.#describe(repository);
    if (described !== undefined) yield* this.text(of, { repositories: [described] });
    const resourceArn = described?.['repositoryArn'];
    const tags = `${of}/tags`;
    if (isText(resourceArn)) {
      yield* this.text(tags, await this.#asking.ask('ListTagsForResource', { resourceArn }, tags));
    }
    const policy = `${of}/policy`;
    const input = { repositoryName: repository };
    const absent = 'RepositoryPolicyNotFoundException';
    yield* this.text(policy, await this.#asking.ask('GetRepositoryPolicy', input, policy, absent));
  }

  /** None where nothing was answered. */
  *text(name: string, json: JsonObject | undefined): Generator<ListedText, void, undefined> {
    if (json !== undefined && Object.keys(json).length > 0) yield { name, ...this.#surface, json };
  }

  /** What is told of one image beside its bytes. */
  imageText(repository: string, image: JsonObject): Generator<ListedText, void, undefined> {
    return this.text(`repository/${repository}/image/${digestOf(image['imageDigest'])}`, { imageDetails: [image] });
  }

  /** From the list, or by its name where nobody listed it. */
  async #describe(repository: string): Promise<JsonObject | undefined> {
    const listed = this.#described.get(repository);
    if (listed !== undefined) {
      this.#described.delete(repository);
      return listed;
    }
    const input = { repositoryNames: [repository] };
    const answer = await this.#asking.ask('DescribeRepositories', input, `repository/${repository}`);
    return arrayOf(answer?.['repositories']).find(isObject);
  }
}
