/** Kysely over a driver that runs a query in one step: its own executor makes ten promises of each, which take longer than most queries. */
import {
  DefaultQueryExecutor,
  Kysely,
  Transaction,
  TransactionBuilder,
  type CompiledQuery,
  type ConnectionProvider,
  type DatabaseConnection,
  type Dialect,
  type DialectAdapter,
  type Driver,
  type KyselyProps,
  type QueryCompiler,
  type QueryResult,
} from 'kysely';
import type { Tables } from './schema/tables.ts';

export interface DirectDriver extends Driver {
  /** Runs a query outside of transactions; no connection is acquired for it. */
  execute<R>(query: CompiledQuery): Promise<QueryResult<R>>;
}

export interface DirectDialect extends Dialect {
  createDriver(): DirectDriver;
}

/** Opens Kysely on the dialect. Nothing is logged, and no query can be aborted. */
export function openDirect(dialect: DirectDialect): Kysely<Tables> {
  return new DirectKysely(dialect, dialect.createDriver());
}

class DirectKysely extends Kysely<Tables> {
  readonly #props: DirectProps;

  constructor(dialect: Dialect, driver: DirectDriver) {
    const made = { compiler: dialect.createQueryCompiler(), adapter: dialect.createAdapter() };
    const executor = new DirectExecutor(made, connectionsOf(driver), (query) => driver.execute(query));
    const props = { config: { dialect }, dialect, driver, executor };
    super(props);
    this.#props = props;
  }

  override transaction(): TransactionBuilder<Tables> {
    return new DirectTransaction(this.#props);
  }
}

interface DirectProps extends KyselyProps {
  readonly executor: DirectExecutor;
}

/** Its statements run in the order in which they are called. */
class DirectTransaction extends TransactionBuilder<Tables> {
  readonly #props: DirectProps;

  constructor(props: DirectProps) {
    super(props);
    this.#props = props;
  }

  override async execute<T>(work: (tx: Transaction<Tables>) => Promise<T>): Promise<T> {
    const { driver, executor } = this.#props;
    return await executor.provideConnection(async (connection) => {
      let over = false;
      const inside = executor.on(connection, () => over);
      await driver.beginTransaction(connection, {});
      try {
        const result = await work(new Transaction<Tables>({ ...this.#props, executor: inside }));
        await driver.commitTransaction(connection);
        return result;
      } catch (error) {
        await driver.rollbackTransaction(connection);
        throw error;
      } finally {
        over = true;
      }
    });
  }
}

type Run = (query: CompiledQuery) => Promise<QueryResult<unknown>>;

/** What the dialect makes, once for all executors. */
interface Made {
  readonly compiler: QueryCompiler;
  readonly adapter: DialectAdapter;
}

class DirectExecutor extends DefaultQueryExecutor {
  readonly #made: Made;
  readonly #run: Run;

  constructor(made: Made, connections: ConnectionProvider, run: Run) {
    super(made.compiler, made.adapter, connections);
    this.#made = made;
    this.#run = run;
  }

  override executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
    return this.#run(query) as Promise<QueryResult<R>>;
  }

  /** The executor of a transaction on this connection, until that is over. */
  on(connection: DatabaseConnection, isOver: () => boolean): DirectExecutor {
    return new DirectExecutor(this.#made, { provideConnection: (use) => use(connection) }, async (query) => {
      if (isOver()) throw new Error('the transaction is over');
      return await connection.executeQuery(query);
    });
  }
}

const connectionsOf = (driver: Driver): ConnectionProvider => ({
  async provideConnection(use) {
    const connection = await driver.acquireConnection();
    try {
      return await use(connection);
    } finally {
      await driver.releaseConnection(connection);
    }
  },
});
