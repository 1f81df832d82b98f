using AkkaScale.Cluster.Options;
using AkkaScale.Node.Options;

namespace AkkaScale.Node.Composition;

/// <summary>Where the tables are, as the store's options say.</summary>
internal static class NodeDatabase
{
    /// <summary>In the directory of Store:Path.</summary>
    public const string FileName = "akkascale.db";

    /// <exception cref="OptionsRefusedException">The directory cannot be made.</exception>
    public static (StoreKind Kind, string ConnectionString) Of(StoreOptions store)
    {
        if (store.Kind == StoreOptions.Postgres)
        {
            return (StoreKind.Postgres, store.ConnectionString);
        }

        try
        {
            var directory = Directory.CreateDirectory(Path.GetFullPath(store.Path));
            return (StoreKind.Sqlite, $"Data Source={Path.Combine(directory.FullName, FileName)}");
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new OptionsRefusedException([$"Store:Path is \"{store.Path}\", which cannot be made a directory ({fault.Message}): name one on a local disk."]);
        }
    }
}
