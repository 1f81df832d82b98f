using System.Reflection;
using AkkaScale.LegacyCluster;

namespace AkkaScale.LegacyJournal.Schema;

/// <summary>One numbered SQL file of the embedded schema. A file that was ever released is never edited; changes come as the next number.</summary>
internal sealed record Migration(int Version, string Name, string Sql)
{
    /// <summary>The migrations of one schema in order of version, from 1 without gaps.</summary>
    public static IReadOnlyList<Migration> Of(string schema)
    {
        var assembly = typeof(Migration).Assembly;
        var migrations = assembly.GetManifestResourceNames()
            .Where(name => name.StartsWith(schema + "/", StringComparison.Ordinal))
            .Select(name => Read(assembly, name, name[(schema.Length + 1)..]))
            .OrderBy(migration => migration.Version)
            .ToList();
        if (migrations.Count == 0 || migrations.Where((migration, index) => migration.Version != index + 1).Any())
        {
            throw new InvalidOperationException($"The embedded migrations of {schema} are not numbered from 1 without gaps.");
        }

        return migrations;
    }

    /// <summary>What is still to be applied to a schema at <paramref name="present"/>.</summary>
    /// <exception cref="ClusterRefusedException">The schema is newer than this program.</exception>
    public static IEnumerable<Migration> Pending(IReadOnlyList<Migration> known, int present)
    {
        if (present > known.Count)
        {
            throw new ClusterRefusedException(
                $"The store has schema version {present}, this program knows versions up to {known.Count}: "
                + "start a newer version of the program, or point it at another store.");
        }

        return known.Skip(present);
    }

    private static Migration Read(Assembly assembly, string resource, string file)
    {
        using var stream = assembly.GetManifestResourceStream(resource)!;
        using var reader = new StreamReader(stream);
        var separator = file.IndexOf('_', StringComparison.Ordinal);
        return new Migration(int.Parse(file[..separator]), file[(separator + 1)..], reader.ReadToEnd());
    }
}
