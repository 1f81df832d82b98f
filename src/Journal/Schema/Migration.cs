using System.Globalization;
using AkkaScale.Journal.Options;

namespace AkkaScale.Journal.Schema;

/// <summary>
/// One numbered SQL file of the embedded schema. A file that was ever released is never edited; changes come as the next one.
/// </summary>
internal sealed record Migration(int Number, string Name, string Sql)
{
    /// <summary>Where the numbers of the applied migrations are kept.</summary>
    public const string Table = "journal_schema";

    public const string CreateTable =
        $"CREATE TABLE IF NOT EXISTS {Table} (number integer PRIMARY KEY, name text NOT NULL)";

    /// <summary>The migrations of one kind of store in their order, from 1 without gaps.</summary>
    public static IReadOnlyList<Migration> Of(string store)
    {
        var assembly = typeof(Migration).Assembly;
        var migrations = assembly.GetManifestResourceNames()
            .Where(name => name.StartsWith(store + "/", StringComparison.Ordinal))
            .Select(name => Read(name, name[(store.Length + 1)..]))
            .OrderBy(migration => migration.Number)
            .ToList();
        if (migrations.Count == 0 || migrations.Where((migration, index) => migration.Number != index + 1).Any())
        {
            throw new InvalidOperationException($"The embedded migrations of {store} are not numbered from 1 without gaps.");
        }

        return migrations;
    }

    /// <summary>What is still to be applied to a schema that stands at <paramref name="present"/>.</summary>
    /// <exception cref="JournalRefusedException">The schema is newer than this program.</exception>
    public static IEnumerable<Migration> Pending(IReadOnlyList<Migration> known, int present)
    {
        if (present > known.Count)
        {
            throw new JournalRefusedException(
                $"The journal's schema has number {present}, this program knows numbers up to {known.Count}: start a newer version of the "
                + "program, or point it at another database.");
        }

        return known.Skip(present);
    }

    private static Migration Read(string resource, string file)
    {
        using var stream = typeof(Migration).Assembly.GetManifestResourceStream(resource)!;
        using var reader = new StreamReader(stream);
        var separator = file.IndexOf('_', StringComparison.Ordinal);
        return new Migration(int.Parse(file[..separator], CultureInfo.InvariantCulture), file[(separator + 1)..], reader.ReadToEnd());
    }
}
