using AkkaScale.Tests.Journal.Plugins;

namespace AkkaScale.Tests.Journal.Conformance;

public sealed class StockPostgresJournal(StockPostgres plugin, ITestOutputHelper output) : JournalRules<StockPostgres>(plugin, output);

public sealed class StockPostgresDeletion(StockPostgres plugin, ITestOutputHelper output) : DeletionRules<StockPostgres>(plugin, output);

public sealed class StockPostgresActors(StockPostgres plugin, ITestOutputHelper output)
    : PersistentActorRules<StockPostgres>(plugin, output);

public sealed class StockPostgresQueries(StockPostgres plugin, ITestOutputHelper output) : QueryRules<StockPostgres>(plugin, output);

public sealed class StockPostgresSerialization(StockPostgres plugin, ITestOutputHelper output)
    : SerializationRules<StockPostgres>(plugin, output);

public sealed class StockPostgresSnapshots(StockPostgres plugin, ITestOutputHelper output) : SnapshotRules<StockPostgres>(plugin, output);

public sealed class StockSqliteJournal(StockSqlite plugin, ITestOutputHelper output) : JournalRules<StockSqlite>(plugin, output);

public sealed class StockSqliteDeletion(StockSqlite plugin, ITestOutputHelper output) : DeletionRules<StockSqlite>(plugin, output);

public sealed class StockSqliteActors(StockSqlite plugin, ITestOutputHelper output) : PersistentActorRules<StockSqlite>(plugin, output);

public sealed class StockSqliteQueries(StockSqlite plugin, ITestOutputHelper output) : QueryRules<StockSqlite>(plugin, output);

public sealed class StockSqliteSerialization(StockSqlite plugin, ITestOutputHelper output)
    : SerializationRules<StockSqlite>(plugin, output);

public sealed class StockSqliteSnapshots(StockSqlite plugin, ITestOutputHelper output) : SnapshotRules<StockSqlite>(plugin, output);
