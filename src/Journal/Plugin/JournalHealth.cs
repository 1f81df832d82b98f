using Akka.Persistence;

namespace AkkaScale.Journal.Plugin;

/// <summary>What is wrong with a journal, for Akka's health checks.</summary>
internal static class JournalHealth
{
    /// <summary>Null when nothing is.</summary>
    public static PersistenceHealthCheckResult? Of(FencedJournal journal)
    {
        if (journal.Opening.IsFaulted)
        {
            return new PersistenceHealthCheckResult(
                PersistenceHealthStatus.Unhealthy, journal.Opening.Exception.InnerException?.Message, journal.Opening.Exception);
        }

        if (!journal.Opening.IsCompleted)
        {
            return new PersistenceHealthCheckResult(PersistenceHealthStatus.Unhealthy, "The journal's database has not been reached yet.");
        }

        var figures = journal.Figures;
        return figures.Trouble is { } trouble
            ? new PersistenceHealthCheckResult(PersistenceHealthStatus.Unhealthy, $"The journal's database cannot be written to: {trouble}")
            : figures.Settling
                ? new PersistenceHealthCheckResult(
                    PersistenceHealthStatus.Degraded, "The outcome of the last writes is being found out; others wait.")
                : null;
    }
}
