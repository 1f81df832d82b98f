using System.Collections.Immutable;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace AkkaScale.Tests.Unit.Architecture;

/// <summary>What the code of an assembly uses, read from its metadata and IL without loading it.</summary>
internal sealed class CompiledAssembly : IDisposable
{
    private readonly PEReader _file;
    private readonly MetadataReader _metadata;
    private readonly TypeNames _names;

    public CompiledAssembly(string path)
    {
        _file = new PEReader([.. File.ReadAllBytes(path)]);
        _metadata = _file.GetMetadataReader();
        _names = new TypeNames(_metadata);
    }

    /// <summary>Simple names.</summary>
    public IReadOnlyList<string> References =>
        [.. _metadata.AssemblyReferences.Select(handle => _metadata.GetString(_metadata.GetAssemblyReference(handle).Name))];

    /// <summary>The assembly of a project of src, as it was built for these tests.</summary>
    public static CompiledAssembly Of(string project) =>
        new(Path.Combine(AppContext.BaseDirectory, $"{Boundaries.AssemblyPrefix}{project}.dll"));

    /// <summary>Every use of a member or a type, by the outermost type in whose code or signatures it stands.</summary>
    public IEnumerable<Use> Uses()
    {
        foreach (var handle in _metadata.TypeDefinitions)
        {
            var type = _metadata.GetTypeDefinition(handle);
            var user = OutermostName(handle);
            foreach (var used in HeadOf(type))
            {
                yield return new Use(user, used, "");
            }

            foreach (var field in type.GetFields())
            {
                foreach (var used in _metadata.GetFieldDefinition(field).DecodeSignature(_names, null))
                {
                    yield return new Use(user, used, "");
                }
            }

            foreach (var use in type.GetMethods().SelectMany(method => UsesOf(user, _metadata.GetMethodDefinition(method))))
            {
                yield return use;
            }
        }
    }

    public void Dispose() => _file.Dispose();

    /// <summary>Base class, interfaces, constraints, and the attributes of the type and its members.</summary>
    private IEnumerable<string> HeadOf(TypeDefinition type)
    {
        var bases = type.GetInterfaceImplementations().Select(handle => _metadata.GetInterfaceImplementation(handle).Interface);
        var members = type.GetMethods().Select(method => _metadata.GetMethodDefinition(method)).ToArray();
        var constraints = type.GetGenericParameters().Concat(members.SelectMany(member => member.GetGenericParameters()))
            .SelectMany(parameter => _metadata.GetGenericParameter(parameter).GetConstraints())
            .Select(constraint => _metadata.GetGenericParameterConstraint(constraint).Type);
        var attributes = type.GetCustomAttributes()
            .Concat(members.SelectMany(member => member.GetCustomAttributes()))
            .Concat(type.GetFields().SelectMany(field => _metadata.GetFieldDefinition(field).GetCustomAttributes()))
            .Concat(type.GetProperties().SelectMany(property => _metadata.GetPropertyDefinition(property).GetCustomAttributes()))
            .Select(attribute => _metadata.GetCustomAttribute(attribute).Constructor);
        return bases.Append(type.BaseType).Concat(constraints).SelectMany(handle => NamesOf(handle))
            .Concat(attributes.SelectMany(constructor => UsesOf("", constructor)).Select(use => use.Type));
    }

    private IEnumerable<Use> UsesOf(string user, MethodDefinition method)
    {
        var signature = method.DecodeSignature(_names, null);
        foreach (var used in signature.ParameterTypes.Append(signature.ReturnType).SelectMany(names => names))
        {
            yield return new Use(user, used, "");
        }

        if (method.RelativeVirtualAddress == 0)
        {
            yield break;
        }

        var body = _file.GetMethodBody(method.RelativeVirtualAddress);
        if (!body.LocalSignature.IsNil)
        {
            foreach (var used in _metadata.GetStandaloneSignature(body.LocalSignature).DecodeLocalSignature(_names, null).SelectMany(names => names))
            {
                yield return new Use(user, used, "");
            }
        }

        foreach (var caught in body.ExceptionRegions.SelectMany(region => NamesOf(region.CatchType)))
        {
            yield return new Use(user, caught, "");
        }

        foreach (var use in Instructions.Tokens(body.GetILBytes()!).SelectMany(token => UsesOf(user, token)))
        {
            yield return use;
        }
    }

    private IEnumerable<Use> UsesOf(string user, EntityHandle token)
    {
        switch (token.Kind)
        {
            case HandleKind.TypeDefinition:
            case HandleKind.TypeReference:
            case HandleKind.TypeSpecification:
                return NamesOf(token).Select(name => new Use(user, name, ""));
            case HandleKind.MethodSpecification:
                var instance = _metadata.GetMethodSpecification((MethodSpecificationHandle)token);
                return instance.DecodeSignature(_names, null).SelectMany(names => names).Select(name => new Use(user, name, ""))
                    .Concat(UsesOf(user, instance.Method));
            case HandleKind.MethodDefinition:
                var method = _metadata.GetMethodDefinition((MethodDefinitionHandle)token);
                return NamesOf(method.GetDeclaringType()).Select(name => new Use(user, name, $"{_metadata.GetString(method.Name)}()"));
            case HandleKind.FieldDefinition:
                var field = _metadata.GetFieldDefinition((FieldDefinitionHandle)token);
                return NamesOf(field.GetDeclaringType()).Select(name => new Use(user, name, _metadata.GetString(field.Name)));
            case HandleKind.MemberReference:
                var member = _metadata.GetMemberReference((MemberReferenceHandle)token);
                var parameters = member.GetKind() == MemberReferenceKind.Method
                    ? member.DecodeMethodSignature(_names, null).ParameterTypes.Select(names => names[^1])
                    : [];
                var text = $"{_metadata.GetString(member.Name)}({string.Join(", ", parameters)})";
                return NamesOf(member.Parent).Select(name => new Use(user, name, text));
            default:
                return [];
        }
    }

    /// <summary>None of a base or a caught type that is not there.</summary>
    private ImmutableArray<string> NamesOf(EntityHandle type) => type.IsNil ? [] : type.Kind switch
    {
        HandleKind.TypeDefinition => _names.GetTypeFromDefinition(_metadata, (TypeDefinitionHandle)type, 0),
        HandleKind.TypeReference => _names.GetTypeFromReference(_metadata, (TypeReferenceHandle)type, 0),
        HandleKind.TypeSpecification => _metadata.GetTypeSpecification((TypeSpecificationHandle)type).DecodeSignature(_names, null),
        _ => [],
    };

    private string OutermostName(TypeDefinitionHandle handle)
    {
        var type = _metadata.GetTypeDefinition(handle);
        while (!type.GetDeclaringType().IsNil)
        {
            type = _metadata.GetTypeDefinition(type.GetDeclaringType());
        }

        return $"{_metadata.GetString(type.Namespace)}.{_metadata.GetString(type.Name)}";
    }

    /// <param name="User">Full name of the outermost type.</param>
    /// <param name="Type">Full name of the used type, generic arity included.</param>
    /// <param name="Member">
    /// "Name(parameter types)" of another assembly's member, "Name()" or "Name" of one of its own; empty where the type itself is used.
    /// </param>
    public readonly record struct Use(string User, string Type, string Member)
    {
        public override string ToString() => Member.Length == 0 ? $"{User} uses {Type}" : $"{User} uses {Type}.{Member}";
    }
}
