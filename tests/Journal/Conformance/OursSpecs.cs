using AkkaScale.Tests.Journal.Plugins;

namespace AkkaScale.Tests.Journal.Conformance;

public sealed class OursPostgresJournal(OursPostgres plugin, ITestOutputHelper output) : JournalRules<OursPostgres>(plugin, output);

public sealed class OursPostgresDeletion(OursPostgres plugin, ITestOutputHelper output) : DeletionRules<OursPostgres>(plugin, output);

public sealed class OursPostgresActors(OursPostgres plugin, ITestOutputHelper output) : PersistentActorRules<OursPostgres>(plugin, output);

public sealed class OursPostgresQueries(OursPostgres plugin, ITestOutputHelper output) : QueryRules<OursPostgres>(plugin, output);

public sealed class OursPostgresSerialization(OursPostgres plugin, ITestOutputHelper output)
    : SerializationRules<OursPostgres>(plugin, output);

public sealed class OursPostgresSnapshots(OursPostgres plugin, ITestOutputHelper output) : SnapshotRules<OursPostgres>(plugin, output);

public sealed class OursSqliteJournal(OursSqlite plugin, ITestOutputHelper output) : JournalRules<OursSqlite>(plugin, output);

public sealed class OursSqliteDeletion(OursSqlite plugin, ITestOutputHelper output) : DeletionRules<OursSqlite>(plugin, output);

public sealed class OursSqliteActors(OursSqlite plugin, ITestOutputHelper output) : PersistentActorRules<OursSqlite>(plugin, output);

public sealed class OursSqliteQueries(OursSqlite plugin, ITestOutputHelper output) : QueryRules<OursSqlite>(plugin, output);

public sealed class OursSqliteSerialization(OursSqlite plugin, ITestOutputHelper output) : SerializationRules<OursSqlite>(plugin, output);

public sealed class OursSqliteSnapshots(OursSqlite plugin, ITestOutputHelper output) : SnapshotRules<OursSqlite>(plugin, output);
