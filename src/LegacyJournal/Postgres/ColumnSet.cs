using Npgsql;
using NpgsqlTypes;

namespace AkkaScale.LegacyJournal.Postgres;

/// <summary>Array parameters of a statement in their order, each kept as a list that is filled and cleared from one append to the next.</summary>
internal sealed class ColumnSet
{
    private readonly List<NpgsqlParameter> _parameters = [];
    private readonly List<Action> _clear = [];

    public int Count => _parameters.Count;

    public List<T> Add<T>()
    {
        var column = new List<T>();
        var parameter = new NpgsqlParameter<List<T>> { TypedValue = column };
        if (typeof(T) == typeof(DateTime))
        {
            // An empty list does not tell of which kind its times would be.
            parameter.NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.TimestampTz;
        }

        _parameters.Add(parameter);
        _clear.Add(column.Clear);
        return column;
    }

    /// <summary>Adds the first <paramref name="count"/> columns to the command's parameters.</summary>
    public void Bind(NpgsqlCommand command, int count)
    {
        foreach (var parameter in _parameters.Take(count))
        {
            command.Parameters.Add(parameter.Clone());
        }
    }

    public void Clear()
    {
        foreach (var clear in _clear)
        {
            clear();
        }
    }
}
