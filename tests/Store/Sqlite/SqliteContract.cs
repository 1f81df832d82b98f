using AkkaScale.Tests.Store.Contract;

namespace AkkaScale.Tests.Store.Sqlite;

[Collection(SqliteCollection.Name)]
public sealed class SqliteAppendTests(SqliteFixture fixture) : AppendTests(fixture);

[Collection(SqliteCollection.Name)]
public sealed class SqliteClusterTests(SqliteFixture fixture) : ClusterTests(fixture);

[Collection(SqliteCollection.Name)]
public sealed class SqliteOpeningTests(SqliteFixture fixture) : OpeningTests(fixture);

[Collection(SqliteCollection.Name)]
public sealed class SqliteRecoveryTests(SqliteFixture fixture) : RecoveryTests(fixture);

[Collection(SqliteCollection.Name)]
public sealed class SqliteTakeoverRaceTests(SqliteFixture fixture) : TakeoverRaceTests(fixture);

[Collection(SqliteCollection.Name)]
public sealed class SqliteOrderTests(SqliteFixture fixture) : OrderTests(fixture);

[Collection(SqliteCollection.Name)]
public sealed class SqliteHandOverTests(SqliteFixture fixture) : HandOverTests(fixture);

[Collection(SqliteCollection.Name)]
public sealed class SqliteOwnerReadingTests(SqliteFixture fixture) : OwnerReadingTests(fixture);

[Collection(SqliteCollection.Name)]
public sealed class SqliteAuditTests(SqliteFixture fixture) : AuditTests(fixture);
