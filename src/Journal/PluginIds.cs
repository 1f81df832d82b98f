namespace AkkaScale.Journal;

/// <summary>Where Akka looks for a plugin's settings.</summary>
internal static class PluginIds
{
    public static string Journal(string identifier) => $"akka.persistence.journal.{identifier}";

    public static string Snapshots(string identifier) => $"akka.persistence.snapshot-store.{identifier}";

    public static string Query(string identifier) => $"akka.persistence.query.journal.{identifier}";
}
