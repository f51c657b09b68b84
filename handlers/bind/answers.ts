/** Asks the questions of the binding dialogue one at a time, and takes their answers, also after an interruption. */
import type { Platform, PlatformName, Question } from '../../services/platforms/platform.ts';
import type { Collection } from '../../services/collection.ts';
import type { Authorise } from './authorise.ts';
import { dialogueOf, type BindDialogue, type Login } from './login.ts';
import { answerIn, asking, changes, isCoupon } from './questions.ts';
import type { Typed } from '../commands.ts';
import type { Incoming, Reply } from '../message.ts';
import { forgetting, looksSecret, type StraySecrets } from './stray-secrets.ts';
import { say, whisper, type Handler, type Asker } from '../handler.ts';

export interface Answers {
  /** Asks the next question, or logs in when all are answered. `again`: without the warnings, which were shown before. */
  proceed(dialogue: BindDialogue, incoming: Incoming, asker: Asker, again?: boolean): AsyncIterable<Reply>;
  /** Asks anew for the answer to the question with this index. */
  changed(index: number, dialogue: BindDialogue, incoming: Incoming, asker: Asker): AsyncIterable<Reply>;
  /**
   * Takes a typed message as an answer while a question is open. `aside`: it answers none; it is handled as usual, and then the
   * question is repeated. Undefined where no question is open.
   */
  typed(
    incoming: Incoming,
    asker: Asker,
    text: string,
    command: Typed | undefined,
  ): Promise<AsyncIterable<Reply> | 'aside' | undefined>;
  /** Repeats the open question, where there is one, after something else was said. */
  reminder: Handler;
}

export function createAnswers(parts: {
  readonly login: Pick<Login, 'logIn'>;
  readonly dialogues: Collection<BindDialogue>;
  readonly authorise: Pick<Authorise, 'link'>;
  readonly secrets: Pick<StraySecrets, 'asked'>;
  readonly platforms: readonly Pick<Platform, 'name' | 'questions' | 'authorisation' | 'plainHttp'>[];
}): Answers {
  const { login, dialogues, authorise, secrets, platforms } = parts;
  const platformOf = (name: PlatformName) => platforms.find((platform) => platform.name === name);
  const questionsOf = ({ platform }: BindDialogue): readonly Question[] => (platform && platformOf(platform)?.questions) ?? [];

  /** Finds the open question; or the one for the secret, typed once more after a login that could not be tried. */
  const openQuestion = (dialogue: BindDialogue, text = ''): Question | undefined => {
    const { asking: name, answers } = dialogue;
    const questions = questionsOf(dialogue);
    const secret = questions.find((question) => question.secret);
    const retyped = name === undefined && secret && secret.name in answers && looksSecret(text);
    return retyped ? secret : questions.find((question) => question.name === name);
  };

  async function* ask(
    question: Question,
    dialogue: BindDialogue,
    { group }: Incoming,
    asker: Asker,
    before: readonly string[] = [],
  ): AsyncIterable<Reply> {
    await dialogues.set(dialogueOf(asker), { ...dialogue, asking: question.name });
    if (question.secret) await secrets.asked(asker);
    yield asking(question, group, asker.words, before);
  }

  async function* proceed(dialogue: BindDialogue, incoming: Incoming, asker: Asker, again = false): AsyncIterable<Reply> {
    const platform = dialogue.platform && platformOf(dialogue.platform);
    if (!platform) return yield say(asker.words.say('card-gone'));
    if (platform.authorisation) return yield* authorise.link(platform.name, dialogue, incoming, asker);
    const next = platform.questions.find(({ name }) => !(name in dialogue.answers));
    if (!next) return yield* login.logIn(dialogue, platform.name, incoming, asker);
    const first = Object.keys(dialogue.answers).length === 0;
    const warnings = [
      ...(first && !again && platform.plainHttp ? [asker.words.say('bind-plain-http')] : []),
      ...(first && incoming.group ? [asker.words.say('bind-in-group')] : []),
    ];
    yield* ask(next, dialogue, incoming, asker, warnings);
  }

  /** Takes the answer to a question; an impossible one is asked for again. */
  async function* answered(
    question: Question,
    dialogue: BindDialogue,
    text: string,
    incoming: Incoming,
    asker: Asker,
  ): AsyncIterable<Reply> {
    const { words } = asker;
    if (question.secret) yield forgetting(words.say(`secret-${question.name}`), incoming.group, asker);
    const answer = answerIn(question, text);
    if (answer === undefined)
      return yield { kind: 'say', text: words.say('bind-bad-answer'), ask: question.secret ? 'secret' : 'text' };
    const { asking: _, ...rest } = dialogue;
    yield* proceed({ ...rest, answers: { ...rest.answers, [question.name]: answer } }, incoming, asker);
  }

  async function* changed(index: number, dialogue: BindDialogue, incoming: Incoming, asker: Asker): AsyncIterable<Reply> {
    const question = questionsOf(dialogue)[index];
    if (!question || !(question.name in dialogue.answers)) return yield whisper(asker.words.say('card-gone'));
    const answers = Object.entries(dialogue.answers).filter(([name]) => name !== question.name);
    yield* ask(question, { ...dialogue, answers: Object.fromEntries(answers) }, incoming, asker);
  }

  return {
    proceed,
    changed,

    async typed(incoming, asker, text, command) {
      const dialogue = await dialogues.get(dialogueOf(asker));
      const question = dialogue && openQuestion(dialogue, text);
      if (!question) return undefined;
      const { words } = asker;
      const said = text.trim();
      // The label of a button, typed on channels without buttons.
      if (said === words.say('button-retype')) return ask(question, dialogue, incoming, asker);
      const change = changes(questionsOf(dialogue), dialogue.answers, dialogue.id, words).find(({ label }) => label === said);
      if (change) return changed(Number(change.id.split('-')[1]), dialogue, incoming, asker);
      if (!question.secret && command && command.name !== 'unknown') return 'aside';
      if (!isCoupon(question, text)) return answered(question, dialogue, text, incoming, asker);
      return asker.store ? 'aside' : ask(question, dialogue, incoming, asker, [words.say('bind-code-first')]);
    },

    async *reminder(incoming, asker) {
      const dialogue = await dialogues.get(dialogueOf(asker));
      const question = dialogue && openQuestion(dialogue);
      if (question) yield asking(question, incoming.group, asker.words, [asker.words.say('bind-still-asking')]);
    },
  };
}
