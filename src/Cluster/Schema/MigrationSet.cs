using System.Globalization;
using System.Reflection;

namespace AkkaScale.Cluster.Schema;

/// <summary>The numbered SQL files of one schema, and where a database keeps the numbers of those that were applied.</summary>
internal sealed class MigrationSet
{
    private readonly string _schema;
    private readonly Func<string, Exception> _refuse;

    /// <param name="assembly">Has the files as resources.</param>
    /// <param name="folder">Of the resources: <c>Postgres</c>, <c>Postgres/Members</c>.</param>
    /// <param name="table">Keeps the numbers.</param>
    /// <param name="schema">As the messages name it.</param>
    /// <param name="refuse">Makes the exception that tells people what does not fit.</param>
    public MigrationSet(Assembly assembly, string folder, string table, string schema, Func<string, Exception> refuse)
    {
        (Table, _schema, _refuse) = (table, schema, refuse);
        All = assembly.GetManifestResourceNames()
            .Where(name => name.StartsWith(folder + "/", StringComparison.Ordinal) && !name[(folder.Length + 1)..].Contains('/'))
            .Select(name => Read(assembly, name, name[(folder.Length + 1)..]))
            .OrderBy(migration => migration.Number)
            .ToList();
        if (All.Count == 0 || All.Where((migration, index) => migration.Number != index + 1).Any())
        {
            throw new InvalidOperationException($"The embedded migrations of {folder} are not numbered from 1 without gaps.");
        }
    }

    /// <summary>In their order, from 1 without gaps.</summary>
    public IReadOnlyList<Migration> All { get; }

    public string Table { get; }

    public string CreateTable => $"CREATE TABLE IF NOT EXISTS {Table} (number integer PRIMARY KEY, name text NOT NULL)";

    /// <summary>What is still to be applied to a schema that stands at <paramref name="present"/>.</summary>
    /// <param name="mayApply">False: whatever is lacking is refused.</param>
    public IReadOnlyList<Migration> Pending(int present, bool mayApply)
    {
        if (present > All.Count)
        {
            throw _refuse(
                $"{_schema} has number {present}, this program knows numbers up to {All.Count}: start a newer version of the "
                + "program, or point it at another database.");
        }

        if (present < All.Count && !mayApply)
        {
            throw _refuse(
                $"{_schema} lacks {All.Count - present} migrations, and this program may not apply them: let it (Migrate = true), or start "
                + "one that may.");
        }

        return All.Skip(present).ToList();
    }

    private static Migration Read(Assembly assembly, string resource, string file)
    {
        using var stream = assembly.GetManifestResourceStream(resource)!;
        using var reader = new StreamReader(stream);
        var separator = file.IndexOf('_', StringComparison.Ordinal);
        return new Migration(int.Parse(file[..separator], CultureInfo.InvariantCulture), file[(separator + 1)..], reader.ReadToEnd());
    }
}
