using System.Text.Json;

namespace AkkaScale.Tests.Verdict;

/// <summary>Reads a history line by line, never the whole file at once. Names that repeat (entities, nodes, codes) are kept once.</summary>
internal sealed class HistoryReader
{
    private const int MaxLineBytes = 4 << 20;

    private readonly List<Operation> _operations = [];
    private readonly List<Fault> _faults = [];
    private readonly List<Effect> _effects = [];
    private readonly List<NodeSample> _samples = [];
    private readonly List<JournalRow> _journal = [];
    private readonly List<LeaseRow> _leases = [];
    private readonly NameTable _names = new();
    private RunInfo? _run;
    private long? _end;

    public History Read(Stream stream)
    {
        var buffer = new byte[1 << 16];
        var (filled, number) = (0, 0);
        while (true)
        {
            var read = stream.Read(buffer, filled, buffer.Length - filled);
            var (from, searched) = (0, filled);
            filled += read;
            while (buffer.AsSpan(searched, filled - searched).IndexOf((byte)'\n') is var length and >= 0)
            {
                TakeLine(buffer.AsSpan(from, searched + length - from), ++number);
                from = searched += length + 1;
            }

            buffer.AsSpan(from, filled - from).CopyTo(buffer);
            filled -= from;
            if (read == 0)
            {
                if (filled > 0)
                {
                    TakeLine(buffer.AsSpan(0, filled), ++number);
                }

                return Whole(number);
            }

            if (filled == buffer.Length)
            {
                if (filled >= MaxLineBytes)
                {
                    throw new HistoryException(number + 1, $"it is longer than {MaxLineBytes} bytes.");
                }

                Array.Resize(ref buffer, 2 * filled);
            }
        }
    }

    private History Whole(int lines) => new()
    {
        Run = _run ?? throw new HistoryException(Math.Max(lines, 1), "the history has no line \"run\": it is empty."),
        Operations = _operations,
        Faults = _faults,
        Effects = _effects,
        Samples = _samples,
        Journal = _journal,
        Leases = _leases,
        End = _end ?? throw new HistoryException(lines, "the history stops here without a line \"end\": whoever wrote it did not finish."),
    };

    private void TakeLine(ReadOnlySpan<byte> text, int number)
    {
        if (text.Trim(" \t\r"u8).IsEmpty)
        {
            return;
        }

        try
        {
            Take(new HistoryLine(text, _names));
        }
        catch (Exception damage) when (damage is JsonException or InvalidOperationException or FormatException)
        {
            throw new HistoryException(number, damage.Message, damage);
        }
    }

    private void Take(HistoryLine line)
    {
        var type = line.Type();
        if (_end is not null)
        {
            throw new FormatException("it comes after the line \"end\".");
        }

        if (_run is null != (type == "run"))
        {
            throw new FormatException(_run is null ? "the first line must be of type \"run\"." : "a second line of type \"run\": two histories in one file?");
        }

        switch (type)
        {
            case "run": _run = line.Run(); break;
            case "op": _operations.Add(line.Operation()); break;
            case "fault": _faults.Add(line.Fault()); break;
            case "effect": _effects.Add(line.Effect()); break;
            case "sample": _samples.Add(line.Sample()); break;
            case "lease": _leases.Add(line.Lease()); break;
            case "journal": _journal.Add(line.JournalRow()); break;
            case "end": _end = line.End(); break;
            default: throw new FormatException($"its type is \"{type}\", which is none.");
        }
    }
}
