namespace AkkaScale.Node.Options;

/// <summary>Which store, and where. Bound from section AkkaScale:Store, validated at start.</summary>
public sealed class StoreOptions
{
    public const string Sqlite = "sqlite";
    public const string Postgres = "postgres";

    /// <summary>sqlite (embedded, one host) or postgres.</summary>
    public string Kind { get; set; } = Sqlite;

    /// <summary>Directory of the embedded store, on a local disk.</summary>
    public string Path { get; set; } = System.IO.Path.Combine(".run", "store");

    /// <summary>Of PostgreSQL, in Npgsql's form.</summary>
    public string ConnectionString { get; set; } = "";

    /// <summary>How long a starting node waits for a store that cannot be reached.</summary>
    public TimeSpan StartTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Every setting that cannot work, with what to change; empty when all is well.</summary>
    public IEnumerable<string> Validate()
    {
        if (Kind is not (Sqlite or Postgres))
        {
            yield return $"Store:Kind is \"{Kind}\": set {Sqlite} or {Postgres}.";
        }

        if (Kind == Postgres && ConnectionString.Length == 0)
        {
            yield return "Store:ConnectionString is empty: with Store:Kind postgres give one, for example \"Host=127.0.0.1;Database=akkascale;Username=akkascale\".";
        }

        if (Kind == Sqlite && ConnectionString.Length > 0)
        {
            yield return "Store:ConnectionString is set, but Store:Kind is sqlite: set Store:Kind to postgres, or remove the connection string.";
        }

        if (Kind == Sqlite && Path.Length == 0)
        {
            yield return "Store:Path is empty: name a directory on a local disk.";
        }

        if (StartTimeout < TimeSpan.Zero || StartTimeout > TimeSpan.FromHours(1))
        {
            yield return $"Store:StartTimeout is {StartTimeout}: set 0 to 1 hour.";
        }
    }
}
