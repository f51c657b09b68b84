/** Checks that an answer of the API is one its document promises: the status, the media type, and every field. */
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';

interface Content {
  readonly schema: object;
}
export interface Operation {
  readonly parameters?: readonly {
    readonly name: string;
    readonly in: 'path' | 'query' | 'header';
    readonly required?: boolean;
    readonly schema: object;
  }[];
  readonly requestBody?: { readonly content: Readonly<Record<string, Content>> };
  readonly responses: Readonly<Record<string, { readonly content?: Readonly<Record<string, Content>> }>>;
}
export interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, object>> };
}

export interface Answered {
  readonly status: number;
  readonly type: string;
  readonly body: unknown;
}

/** Gives the check of one document: undefined for a promised answer, else what is wrong with it. */
export function createDocumented(document: Document) {
  // Formats and examples tell people; patterns, types and fields are checked.
  const ajv = new Ajv2020({ strict: false, allErrors: true, validateFormats: false });
  ajv.addSchema({ $id: 'document', components: document.components });
  const validators = new Map<object, ValidateFunction>();
  const validatorOf = (schema: object): ValidateFunction => {
    const made =
      validators.get(schema) ?? ajv.compile(JSON.parse(JSON.stringify(schema).replaceAll('"#/', '"document#/')) as object);
    validators.set(schema, made);
    return made;
  };
  return (method: string, path: string, { status, type, body }: Answered): string | undefined => {
    const promised = document.paths[path]?.[method.toLowerCase()]?.responses[String(status)];
    const what = `${method} ${path}: ${status} ${JSON.stringify(body)}`;
    if (!promised) return `${what} is not documented`;
    const schema = promised.content?.[type.split(';')[0]!]?.schema;
    if (!schema) return `${what} has the media type ${type}`;
    const validate = validatorOf(schema);
    return validate(body) ? undefined : `${what} ${ajv.errorsText(validate.errors)}`;
  };
}
