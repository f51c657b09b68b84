/** A browser without scripts, over real HTTP: follows redirects, keeps cookies by origin, sends forms, and shows text. */

/** Addresses that a page's forms, and the redirects after them, may lead to. Undefined where the policy does not say. */
const formAction = (policy: string, page: URL): string[] | undefined =>
  /form-action ([^;]*)/
    .exec(policy)?.[1]
    ?.split(' ')
    .map((source) => (source === "'self'" ? page.origin : source));

const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" };
const unescaped = (text: string): string => text.replaceAll(/&([a-z]+|#39);/g, (whole, name: string) => entities[name] ?? whole);

export class FakeBrowser {
  address = new URL('http://nowhere');
  status = 0;
  html = '';
  headers = new Headers();
  /** Target of a form that would have left the site and was not followed. */
  ledTo: URL | undefined;
  /** Every `set-cookie`, as it came. */
  readonly baked: string[] = [];
  readonly #language: string;
  readonly #cookies = new Map<string, Map<string, { readonly path: string; readonly pair: string }>>();

  constructor({ language = 'zh-CN' }: { language?: string } = {}) {
    this.#language = language;
  }

  /** Types an address, or follows a link. */
  async opens(address: string | URL): Promise<void> {
    await this.#go(new URL(address), undefined, []);
  }

  async reloads(): Promise<void> {
    await this.opens(this.address);
  }

  /** The label of the page's button. */
  get button(): string | undefined {
    return /<button[^>]*>([^<]*)</.exec(this.html)?.[1];
  }

  /** Presses the page's button. `site`: from where a browser says the form came. `stays`: goes to no other site. */
  async presses({ site = 'same-origin', stays = false }: { site?: string; stays?: boolean } = {}): Promise<void> {
    const fields = [...this.html.matchAll(/<input type="hidden" name="(\w+)" value="([^"]*)"/g)].map(
      ([, name, value]) => [name!, value!] as [string, string],
    );
    const allowed = formAction(this.headers.get('content-security-policy') ?? '', this.address);
    await this.#go(this.address, { body: new URLSearchParams(fields), site, stays }, allowed);
  }

  /** What the buttons of the page say. */
  get buttons(): string[] {
    return [...this.html.matchAll(/<button[^>]*>([^<]*)</g)]
      .map(([, label]) => unescaped(label!))
      .filter((label) => label !== '');
  }

  /**
   * Fills the form that has this button, and presses it; a file goes as the browser's own multipart form. `site`: from where a
   * browser says the form came.
   */
  async sends(
    label: string,
    typed: Readonly<Record<string, string | Blob>> = {},
    { site = 'same-origin' }: { site?: string } = {},
  ): Promise<void> {
    const forms = this.html.match(/<form[^]*?<\/form>/g) ?? [];
    const button = new RegExp(`<button([^>]*)>${label.replaceAll(/[.*+?^$()|[\]\\{}]/g, String.raw`\$&`)}<`);
    const form = forms.find((one) => button.test(one));
    if (form === undefined) throw new Error(`no form has a button ${label}: ${this.text}`);
    const attributes = (text: string) =>
      Object.fromEntries([...text.matchAll(/([\w-]+)="([^"]*)"/g)].map(([, name, value]) => [name!, unescaped(value!)]));
    const { action, enctype } = attributes(/<form[^>]*>/.exec(form)![0]);
    const hidden = [...form.matchAll(/<input type="hidden"[^>]*>/g)].map(([tag]) => attributes(tag));
    const pressed = attributes(button.exec(form)![1]!);
    const fields = [...hidden, ...(pressed['name'] === undefined ? [] : [pressed])];
    const body = enctype === 'multipart/form-data' ? new FormData() : new URLSearchParams();
    for (const { name, value } of fields) body.append(name!, value!);
    for (const [name, value] of Object.entries(typed)) {
      if (typeof value === 'string') body.append(name, value);
      else if (body instanceof FormData) body.append(name, value, 'picture.jpg');
    }
    await this.#go(new URL(action!, this.address), { body, site, stays: false }, [this.address.origin]);
  }

  /** The visible text. */
  get text(): string {
    const body = /<body[^>]*>([^]*)<\/body>/.exec(this.html)?.[1] ?? this.html;
    return unescaped(body.replaceAll(/<[^>]*>/g, ''))
      .replaceAll(/\s*\n\s*/g, '\n')
      .trim();
  }

  async #go(
    first: URL,
    form: { readonly body: URLSearchParams | FormData; readonly site: string; readonly stays: boolean } | undefined,
    allowed: readonly string[] | undefined,
  ): Promise<void> {
    let at = first;
    for (let sent = form; ; sent = undefined) {
      if (form && allowed && !allowed.includes(at.origin)) throw new Error(`the page's policy lets no form lead to ${at.origin}`);
      const response = await fetch(at, {
        redirect: 'manual',
        headers: {
          cookie: this.#cookiesFor(at),
          'accept-language': this.#language,
          ...(sent && { 'sec-fetch-site': sent.site }),
        },
        ...(sent && { method: 'POST', body: sent.body }),
      });
      this.#keep(at, response.headers.getSetCookie());
      const next = response.headers.get('location');
      if (next === null) {
        [this.address, this.status, this.headers, this.html] = [at, response.status, response.headers, await response.text()];
        return;
      }
      const to = new URL(next, at);
      if (form?.stays && to.origin !== first.origin) return void (this.ledTo = to);
      at = to;
    }
  }

  #cookiesFor({ origin, pathname }: URL): string {
    const jar = [...(this.#cookies.get(origin)?.values() ?? [])];
    const within = ({ path }: { readonly path: string }): boolean =>
      pathname === path || pathname.startsWith(path.endsWith('/') ? path : `${path}/`);
    return jar
      .filter(within)
      .map(({ pair }) => pair)
      .join('; ');
  }

  #keep({ origin }: URL, cookies: readonly string[]): void {
    this.baked.push(...cookies);
    const jar = this.#cookies.get(origin) ?? new Map<string, { path: string; pair: string }>();
    this.#cookies.set(origin, jar);
    for (const cookie of cookies) {
      const [pair, name] = /^([^=]+)=[^;]*/.exec(cookie)!;
      const path = /;\s*path=([^;]*)/i.exec(cookie)?.[1] ?? '/';
      jar.set(`${name} ${path}`, { path, pair });
    }
  }
}
