using System.Text.Json;

namespace AkkaScale.Tests.Verdict;

/// <summary>One line, read forward once. Properties that nobody asks for are skipped; one that is missing, or of the wrong type, throws with its name.</summary>
internal ref struct HistoryLine
{
    private readonly NameTable _names;
    private Utf8JsonReader _json;
    private string _property = "t";

    public HistoryLine(ReadOnlySpan<byte> text, NameTable names)
    {
        _json = new Utf8JsonReader(text);
        _names = names;
    }

    /// <summary>The first property.</summary>
    public string Type()
    {
        if (!_json.Read() || _json.TokenType != JsonTokenType.StartObject)
        {
            throw new FormatException("it is no JSON object.");
        }

        if (!NextProperty() || _property != "t")
        {
            throw new FormatException("its first property must be \"t\".");
        }

        return Name();
    }

    public RunInfo Run()
    {
        var (seed, nodes, entities, clients) = (0L, 0L, 0L, 0L);
        var (store, startedAt) = ("", "");
        while (NextProperty())
        {
            switch (_property)
            {
                case "seed": seed = Number(); break;
                case "store": store = Name(); break;
                case "nodes": nodes = Number(); break;
                case "entities": entities = Number(); break;
                case "clients": clients = Number(); break;
                case "startedAt": startedAt = Name(); break;
                default: _json.Skip(); break;
            }
        }

        return new(seed, store, (int)nodes, (int)entities, (int)clients, startedAt);
    }

    public Operation Operation()
    {
        long? client = null, number = null, call = null, end = null, version = null;
        OperationKind? kind = null;
        OperationStatus? status = null;
        Guid? commandId = null;
        string? entity = null, value = null;
        var (http, attempts, code) = (0L, 1L, "");
        while (NextProperty())
        {
            switch (_property)
            {
                case "client": client = Number(); break;
                case "op": number = Number(); break;
                case "kind": kind = HistoryWords.Kind(Name()) ?? throw Wrong("\"read\" or \"write\""); break;
                case "entity": entity = Name(); break;
                case "commandId": commandId = OptionalId(); break;
                case "call": call = Number(); break;
                case "return": end = OptionalNumber(); break;
                case "status": status = HistoryWords.Status(Name()) ?? throw Wrong("a status"); break;
                case "http": http = OptionalNumber() ?? 0; break;
                case "code": code = OptionalName() ?? ""; break;
                case "version": version = OptionalNumber(); break;
                case "value": value = OptionalText(); break;
                case "attempts": attempts = Number(); break;
                default: _json.Skip(); break;
            }
        }

        if (end < call)
        {
            throw new FormatException($"the operation returns at {end}, before it is called at {call}.");
        }

        if (kind == OperationKind.Write && commandId is null)
        {
            throw Missing("commandId");
        }

        return new()
        {
            Client = (int)(client ?? throw Missing("client")),
            Number = number ?? throw Missing("op"),
            Kind = kind ?? throw Missing("kind"),
            Entity = entity ?? throw Missing("entity"),
            CommandId = commandId,
            Call = call ?? throw Missing("call"),
            Return = end,
            Status = status ?? throw Missing("status"),
            Http = (int)http,
            Code = code,
            Version = version,
            Value = value,
            Attempts = (int)attempts,
        };
    }

    public Fault Fault()
    {
        string? name = null;
        var (target, detail) = ("", "");
        long? begin = null, end = null, bound = null;
        while (NextProperty())
        {
            switch (_property)
            {
                case "name": name = Name(); break;
                case "target": target = OptionalName() ?? ""; break;
                case "begin": begin = Number(); break;
                case "end": end = Number(); break;
                case "detail": detail = OptionalText() ?? ""; break;
                case "bound": bound = OptionalNumber(); break;
                default: _json.Skip(); break;
            }
        }

        return end < begin
            ? throw new FormatException($"the fault ends at {end}, before it begins at {begin}.")
            : new(name ?? throw Missing("name"), target, begin ?? throw Missing("begin"), end ?? throw Missing("end"), detail) { Bound = bound };
    }

    public Effect Effect()
    {
        string? fault = null;
        var (target, what) = ("", "");
        bool? seen = null;
        long? begin = null;
        while (NextProperty())
        {
            switch (_property)
            {
                case "fault": fault = Name(); break;
                case "target": target = OptionalName() ?? ""; break;
                case "seen": seen = Truth(); break;
                case "what": what = OptionalText() ?? ""; break;
                case "begin": begin = OptionalNumber(); break;
                default: _json.Skip(); break;
            }
        }

        return new(fault ?? throw Missing("fault"), target, seen ?? throw Missing("seen"), what) { Begin = begin };
    }

    public NodeSample Sample()
    {
        long? at = null;
        string? node = null;
        var up = false;
        var (shards, resident, memory) = (0L, 0L, 0L);
        while (NextProperty())
        {
            switch (_property)
            {
                case "at": at = Number(); break;
                case "node": node = Name(); break;
                case "up": up = Truth(); break;
                case "shards": shards = OptionalNumber() ?? 0; break;
                case "resident": resident = OptionalNumber() ?? 0; break;
                case "memoryBytes": memory = OptionalNumber() ?? 0; break;
                default: _json.Skip(); break;
            }
        }

        return new(at ?? throw Missing("at"), node ?? throw Missing("node"), up, (int)shards, resident, memory);
    }

    public JournalRow JournalRow()
    {
        long? sequence = null, version = null, epoch = null, position = null;
        string? entity = null, type = null, lease = null, node = null, value = null;
        var isEvent = true;
        Guid? commandId = null;
        while (NextProperty())
        {
            switch (_property)
            {
                case "entity": entity = Name(); break;
                case "sequence": sequence = Number(); break;
                case "commandId": commandId = OptionalId(); break;
                case "version": version = Number(); break;
                case "isEvent": isEvent = Truth(); break;
                case "lease": lease = OptionalName(); break;
                case "epoch": epoch = Number(); break;
                case "position": position = Number(); break;
                case "type": type = Name(); break;
                case "node": node = OptionalName(); break;
                case "value": value = OptionalText(); break;
                default: _json.Skip(); break;
            }
        }

        return new()
        {
            Entity = entity ?? throw Missing("entity"),
            Sequence = sequence ?? throw Missing("sequence"),
            Version = version ?? throw Missing("version"),
            IsEvent = isEvent,
            CommandId = commandId,
            Lease = lease,
            Epoch = epoch ?? throw Missing("epoch"),
            Position = position ?? throw Missing("position"),
            Type = type ?? throw Missing("type"),
            Node = node,
            Value = value,
        };
    }

    public LeaseRow Lease()
    {
        string? lease = null;
        long? epoch = null;
        while (NextProperty())
        {
            switch (_property)
            {
                case "lease": lease = Name(); break;
                case "epoch": epoch = Number(); break;
                default: _json.Skip(); break;
            }
        }

        return new(lease ?? throw Missing("lease"), epoch ?? throw Missing("epoch"));
    }

    public long End()
    {
        long? at = null;
        while (NextProperty())
        {
            if (_property == "at")
            {
                at = Number();
            }
            else
            {
                _json.Skip();
            }
        }

        return at ?? throw Missing("at");
    }

    /// <summary>Stands on the value afterwards; at the end of the object there must be nothing more.</summary>
    private bool NextProperty()
    {
        _json.Read();
        if (_json.TokenType == JsonTokenType.EndObject)
        {
            return _json.Read() ? throw new FormatException("there is more after its object.") : false;
        }

        _property = Name();
        _json.Read();
        return true;
    }

    private readonly long Number() =>
        _json.TokenType == JsonTokenType.Number && _json.TryGetInt64(out var number) ? number : throw Wrong("a whole number");

    private readonly long? OptionalNumber() => _json.TokenType == JsonTokenType.Null ? null : Number();

    private readonly bool Truth() => _json.TokenType switch
    {
        JsonTokenType.True => true,
        JsonTokenType.False => false,
        _ => throw Wrong("true or false"),
    };

    private readonly Guid? OptionalId() => _json.TokenType switch
    {
        JsonTokenType.Null => null,
        JsonTokenType.String when _json.TryGetGuid(out var id) => id,
        _ => throw Wrong("a UUID or null"),
    };

    private readonly string Name()
    {
        if (_json.TokenType is not (JsonTokenType.String or JsonTokenType.PropertyName))
        {
            throw Wrong("a string");
        }

        Span<char> buffer = stackalloc char[256];
        return _json.ValueSpan.Length > buffer.Length ? _json.GetString()! : _names.Of(buffer[.._json.CopyString(buffer)]);
    }

    private readonly string? OptionalName() => _json.TokenType == JsonTokenType.Null ? null : Name();

    private readonly string? OptionalText() => _json.TokenType switch
    {
        JsonTokenType.Null => null,
        JsonTokenType.String => _json.GetString(),
        _ => throw Wrong("a string or null"),
    };

    private readonly FormatException Wrong(string expected) => new($"its property \"{_property}\" must be {expected}.");

    private static FormatException Missing(string property) => new($"it lacks the property \"{property}\".");
}
