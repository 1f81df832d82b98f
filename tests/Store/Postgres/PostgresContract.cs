using AkkaScale.Tests.Store.Contract;

namespace AkkaScale.Tests.Store.Postgres;

[Collection(PostgresCollection.Name)]
public sealed class PostgresAppendTests(PostgresFixture fixture) : AppendTests(fixture);

[Collection(PostgresCollection.Name)]
public sealed class PostgresClusterTests(PostgresFixture fixture) : ClusterTests(fixture);

[Collection(PostgresCollection.Name)]
public sealed class PostgresOpeningTests(PostgresFixture fixture) : OpeningTests(fixture);

[Collection(PostgresCollection.Name)]
public sealed class PostgresRecoveryTests(PostgresFixture fixture) : RecoveryTests(fixture);

[Collection(PostgresCollection.Name)]
public sealed class PostgresTakeoverRaceTests(PostgresFixture fixture) : TakeoverRaceTests(fixture);

[Collection(PostgresCollection.Name)]
public sealed class PostgresOrderTests(PostgresFixture fixture) : OrderTests(fixture);

[Collection(PostgresCollection.Name)]
public sealed class PostgresHandOverTests(PostgresFixture fixture) : HandOverTests(fixture);

[Collection(PostgresCollection.Name)]
public sealed class PostgresOwnerReadingTests(PostgresFixture fixture) : OwnerReadingTests(fixture);

[Collection(PostgresCollection.Name)]
public sealed class PostgresAuditTests(PostgresFixture fixture) : AuditTests(fixture);
