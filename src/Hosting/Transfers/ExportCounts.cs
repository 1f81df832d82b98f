namespace AkkaScale.Hosting.Transfers;

/// <summary>How many rows of each sort an export has; its last line says it again, so that one that was cut short is noticed.</summary>
internal sealed record ExportCounts(long Events, long Results)
{
    public static ExportCounts None { get; } = new(0, 0);

    public ExportCounts With(Journal.Care.StoreRow row) => row switch
    {
        Journal.Care.StoreRow.Event => this with { Events = Events + 1 },
        Journal.Care.StoreRow.Result => this with { Results = Results + 1 },
        _ => throw new InvalidOperationException($"unknown row {row.GetType()}"),
    };
}
