using AkkaScale.Journal.Postgres;
using AkkaScale.Journal.Writing;
using Npgsql;

namespace AkkaScale.Tests.Unit.Journal.Postgres;

public sealed class PostgresErrorsTests
{
    [Theory]
    [InlineData("ERROR", PostgresErrorCodes.UniqueViolation, "guilty")]
    [InlineData("ERROR", PostgresErrorCodes.CharacterNotInRepertoire, "guilty")]
    [InlineData("ERROR", PostgresErrorCodes.UndefinedTable, "guilty")]
    [InlineData("ERROR", PostgresErrorCodes.DeadlockDetected, "may pass")]
    [InlineData("ERROR", PostgresErrorCodes.QueryCanceled, "may pass")]
    [InlineData("ERROR", PostgresErrorCodes.OutOfMemory, "may pass")]
    [InlineData("ERROR", PostgresErrorCodes.DiskFull, "not sent")]
    [InlineData("ERROR", PostgresErrorCodes.ReadOnlySqlTransaction, "not sent")]
    [InlineData("FATAL", PostgresErrorCodes.AdminShutdown, "unknown")]
    [InlineData("PANIC", PostgresErrorCodes.DiskFull, "unknown")]
    public void A_servers_error_tells_whom_it_is_about(string severity, string state, string expected) =>
        Assert.Equal(expected, Name(PostgresErrors.Classify(new PostgresException("", severity, severity, state))));

    [Fact]
    public void Whatever_comes_from_elsewhere_leaves_the_outcome_open()
    {
        Assert.Equal("unknown", Name(PostgresErrors.Classify(new NpgsqlException("", new IOException()))));
        Assert.Equal("unknown", Name(PostgresErrors.Classify(new TimeoutException())));
        Assert.Equal("unknown", Name(PostgresErrors.Classify(new InvalidCastException())));
    }

    private static string Name(WriteOutcome outcome) => outcome switch
    {
        WriteOutcome.Failed(_, MayPass: true) => "may pass",
        WriteOutcome.Failed => "guilty",
        WriteOutcome.NotSent => "not sent",
        WriteOutcome.Unknown => "unknown",
        _ => "answered",
    };
}
