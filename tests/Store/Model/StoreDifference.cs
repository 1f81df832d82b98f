namespace AkkaScale.Tests.Store.Model;

/// <summary>What the model and a store answered differently.</summary>
/// <param name="Step">Index of the operation.</param>
internal sealed record StoreDifference(int Step, StoreOperation Operation, string Expected, string Actual)
{
    /// <summary>The rows that differ, line by line.</summary>
    public override string ToString()
    {
        var (expected, actual) = (Expected.Split('\n'), Actual.Split('\n'));
        var lines = new List<string>();
        for (var line = 0; line < Math.Max(expected.Length, actual.Length); line++)
        {
            var (model, store) = (expected.ElementAtOrDefault(line) ?? "", actual.ElementAtOrDefault(line) ?? "");
            if (model != store)
            {
                var (rows, others) = (model.Split("; "), store.Split("; "));
                var (lacking, surplus) = (rows.Except(others).ToArray(), others.Except(rows).ToArray());
                lines.Add(lacking.Length + surplus.Length == 0
                    ? $"  model: {model}\n  store: {store}"
                    : $"  model: {string.Join("; ", lacking)}\n  store: {string.Join("; ", surplus)}");
            }
        }

        return string.Join('\n', lines);
    }
}
